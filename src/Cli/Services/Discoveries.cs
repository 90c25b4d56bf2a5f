using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Configuration;
using PgAutoFailover.Postgres.Connections;
using PgAutoFailover.Postgres.Discovery;

namespace PgAutoFailover.Cli.Services;

/// <summary>What nobody said and this machine knows: which PostgreSQL is installed, and by what name others reach this host.</summary>
internal static class Discoveries
{
    // An address that routers send to the outside world. Nothing is sent: only our own address on that way is looked at.
    public static HostAndPort Outside { get; } = new("8.8.8.8", 53);

    /// <summary>The configuration with pg_ctl and host name filled in where they are missing.</summary>
    public static async Task<NodeConfig> CompleteAsync(NodeConfig config, CommandContext context, CancellationToken cancellationToken)
    {
        var pgCtl = config[ConfigKeys.PgCtl] ?? await PgCtlSearch.FindAsync(context.Environment, cancellationToken);
        if (!File.Exists(pgCtl))
        {
            throw CommandFailure.BadArguments($"\"{pgCtl}\" does not exist", "Give the path of pg_ctl with --pgctl");
        }

        await PgCtlSearch.ReadMajorVersionAsync(pgCtl, cancellationToken);
        config = config.With(ConfigKeys.PgCtl, Real(pgCtl));
        return config[ConfigKeys.HostName] is null
            ? config.With(ConfigKeys.HostName, await HostNameAsync(config, cancellationToken))
            : config;
    }

    private static async Task<string> HostNameAsync(NodeConfig config, CancellationToken cancellationToken)
    {
        var towards = config.MonitorUri is { } uri ? ConnectionUri.Parse(uri).Hosts[0] : Outside;
        return await OwnAddress.TowardsAsync(towards.Host, towards.Port, cancellationToken) is { } address
            ? await OwnAddress.NameOfAsync(address, cancellationToken)
            : throw CommandFailure.BadArguments(
                "Found no address by which other nodes could reach this one", "Give its name or address with --hostname");
    }

    // A link in a directory of links has no pg_controldata beside it.
    private static string Real(string pgCtl) => File.Exists(Path.Join(Path.GetDirectoryName(pgCtl), "pg_controldata"))
        ? Path.GetFullPath(pgCtl)
        : new FileInfo(pgCtl).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? Path.GetFullPath(pgCtl);
}
