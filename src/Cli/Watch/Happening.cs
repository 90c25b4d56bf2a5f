namespace PgAutoFailover.Cli.Watch;

/// <summary>Something that the picture may have to be drawn again for.</summary>
internal abstract record Happening
{
    public sealed record Pressed(Key Key) : Happening;

    public sealed record Read(Snapshot Snapshot) : Happening;

    /// <summary>The monitor could not be read.</summary>
    public sealed record Failed(string Reason) : Happening;

    /// <summary>Half a second went by: the clock shows another time.</summary>
    public sealed record Tick : Happening;

    public sealed record Resized : Happening;
}
