using System.Text;
using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Configuration;
using PgAutoFailover.Core.Vocabulary;
using PgAutoFailover.Postgres.Connections;

namespace PgAutoFailover.Cli.Monitors;

/// <summary>The connection string of a monitor.</summary>
internal static class MonitorUri
{
    public const string Role = "autoctl_node";
    public const string Database = "pg_auto_failover";

    /// <summary>Composes the URI by which nodes reach the monitor of this configuration.</summary>
    public static string Of(NodeConfig monitor)
    {
        var uri = new StringBuilder("postgres://").Append(Role).Append('@')
            .Append(HostName.WithPort(monitor[ConfigKeys.HostName]!, monitor.Number(ConfigKeys.Port)))
            .Append('/').Append(Database)
            .Append("?sslmode=").Append(monitor[ConfigKeys.SslMode]);
        return Append(uri, "sslrootcert", monitor[ConfigKeys.CaFile]).Append(Append(new(), "sslcrl", monitor[ConfigKeys.CrlFile])).ToString();
    }

    /// <summary>A connection string that a person gave, as a URI. What is none is refused, without ever repeating a password.</summary>
    /// <exception cref="CommandFailure">It is none.</exception>
    public static string Check(string text)
    {
        try
        {
            _ = ConnectionUri.Parse(text).ToConnectionString("pg_autoctl");
            return OfText(text);
        }
        catch (FormatException exception)
        {
            throw CommandFailure.BadArguments($"Failed to parse the monitor's connection string{(ConnectionUri.IsUri(text) ? $" \"{text}\"" : "")}: {exception.Message}");
        }
    }

    /// <summary>A URI stays as it was written; keywords become one.</summary>
    public static string OfText(string text) => ConnectionUri.IsUri(text) ? text : ConnectionUri.Parse(text).ToString();

    private static StringBuilder Append(StringBuilder uri, string name, string? value) =>
        value is null ? uri : uri.Append('&').Append(name).Append('=').Append(value);
}
