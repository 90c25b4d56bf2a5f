using PgAutoFailover.Cli.Configuration;

namespace PgAutoFailover.Cli.Monitors;

/// <summary>The SSL parameters that connection strings handed to applications carry: those by which the monitor itself is reached.</summary>
internal sealed record UriSslParameters(string Mode, string RootCertificate, string RevocationList)
{
    public static UriSslParameters Of(MonitorTarget target) => target.Local is { Config: var config }
        ? new(config[ConfigKeys.SslMode] ?? "prefer", config[ConfigKeys.CaFile] ?? "", config[ConfigKeys.CrlFile] ?? "")
        : new(Parameter(target.Uri, "sslmode") ?? "prefer", Parameter(target.Uri, "sslrootcert") ?? "", Parameter(target.Uri, "sslcrl") ?? "");

    private static string? Parameter(string uri, string name) => uri[(uri.IndexOf('?', StringComparison.Ordinal) + 1)..]
        .Split('&')
        .Where(p => p.StartsWith($"{name}=", StringComparison.Ordinal))
        .Select(p => Uri.UnescapeDataString(p[(name.Length + 1)..]))
        .FirstOrDefault();
}
