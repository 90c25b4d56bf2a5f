namespace PgAutoFailover.Keeper.Hooks;

/// <summary>Section <c>[hooks]</c> of the configuration.</summary>
public sealed record HookSettings
{
    public static HookSettings None { get; } = new();

    /// <summary><c>hooks.before_change</c>: asked before a planned change, which it may refuse; null where nobody is to be asked.</summary>
    public HookCommand? BeforeChange { get; init; }

    /// <summary><c>hooks.after_change</c>: told of each new state of the node; null where nobody is to be told.</summary>
    public HookCommand? AfterChange { get; init; }

    /// <summary><c>hooks.timeout</c>: default 30 s. A hook that takes longer is ended.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);
}
