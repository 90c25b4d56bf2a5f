using PgAutoFailover.Cli.Files;

namespace PgAutoFailover.Cli.Configuration;

/// <summary>A configuration as understood: with what the file leaves to be found out.</summary>
internal static class DiscoveredConfig
{
    public static NodeConfig Complete(NodeConfig config) =>
        config[ConfigKeys.Host] is null ? config.With(ConfigKeys.Host, LocalPostgres.FindSocketDirectory(config) ?? "localhost") : config;
}
