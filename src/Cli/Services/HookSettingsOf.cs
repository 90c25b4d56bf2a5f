using PgAutoFailover.Cli.Configuration;
using PgAutoFailover.Keeper.Hooks;

namespace PgAutoFailover.Cli.Services;

/// <summary>Section <c>[hooks]</c> of a configuration, which has been checked when it was read.</summary>
internal static class HookSettingsOf
{
    public static HookSettings Config(NodeConfig config) => new()
    {
        BeforeChange = config[ConfigKeys.BeforeChange] is { } before ? HookCommand.Parse(before) : null,
        AfterChange = config[ConfigKeys.AfterChange] is { } after ? HookCommand.Parse(after) : null,
        Timeout = config[ConfigKeys.HookTimeout] is null ? HookSettings.None.Timeout : config.Seconds(ConfigKeys.HookTimeout),
    };
}
