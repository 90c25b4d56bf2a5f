using PgAutoFailover.Cli.Configuration;
using PgAutoFailover.Keeper;

namespace PgAutoFailover.Cli.Services;

/// <summary>What of a configuration a keeper may be told again while it runs.</summary>
internal static class KeeperSettingsOf
{
    public static KeeperSettings Config(NodeConfig config) => new()
    {
        Name = config[ConfigKeys.Name] ?? "",
        Host = config[ConfigKeys.HostName]!,
        Port = config.Number(ConfigKeys.Port),
        NetworkPartitionTimeout = config.NetworkPartitionTimeout,
        RestartFailureTimeout = config.Seconds(ConfigKeys.RestartFailureTimeout),
        Hooks = HookSettingsOf.Config(config),
        RestartFailureMaxRetries = config.Number(ConfigKeys.RestartFailureMaxRetries),
    };
}
