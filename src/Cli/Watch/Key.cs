namespace PgAutoFailover.Cli.Watch;

/// <summary>What a person presses, as far as it means something here.</summary>
internal enum Key
{
    Up,
    Down,
    Left,
    Right,
    PageUp,
    PageDown,
    Home,
    End,
    Escape,

    /// <summary>q, F1 and Ctrl-C.</summary>
    Quit,
}
