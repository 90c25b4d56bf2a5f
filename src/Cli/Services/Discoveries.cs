using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Configuration;
using PgAutoFailover.Cli.Files;

namespace PgAutoFailover.Cli.Services;

/// <summary>What nobody said and this machine knows: which PostgreSQL is installed, and what this host is called.</summary>
internal static class Discoveries
{
    public static Task<NodeConfig> CompleteAsync(NodeConfig config, CommandContext context)
    {
        config = config[ConfigKeys.PgCtl] is null ? config.With(ConfigKeys.PgCtl, InstalledPostgres.FindPgCtl(context)) : config;
        return Task.FromResult(config[ConfigKeys.HostName] is null ? config.With(ConfigKeys.HostName, "localhost") : config);
    }

    /// <summary>The network in which the other nodes are, as a CIDR block.</summary>
    public static Task<string> NetworkAsync() => Task.FromResult("127.0.0.0/8");
}
