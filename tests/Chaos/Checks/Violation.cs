namespace PgAutoFailover.Chaos.Checks;

/// <summary>The cluster broke a promise.</summary>
#pragma warning disable CA1032 // made in these ways only, each of which says which promise
internal sealed class Violation : Exception
#pragma warning restore CA1032
{
    private Violation(string message, int exitCode)
        : base(message) => ExitCode = exitCode;

    internal int ExitCode { get; }

    /// <summary>An acknowledged write is gone, a write is there twice, or a read went back in time.</summary>
    internal static Violation Safety(string what) => new("safety was lost: " + what, 3);

    /// <summary>A program ended in a way that none of its messages explains.</summary>
    internal static Violation Crash(string what) => new("a program crashed: " + what, 1);

    /// <summary>Nothing is wrong any more, and still the group is not well.</summary>
    internal static Violation Liveness(string what) => new("the group did not come to rest: " + what, 4);
}
