namespace PgAutoFailover.Postgres.Programs;

/// <summary>A program and what it is given.</summary>
internal sealed record ProgramCall(string Program, params string[] Arguments)
{
    /// <summary>Added to the environment; never logged.</summary>
    public Dictionary<string, string> Environment { get; } = [];

    /// <summary>Runs in the locale of this process instead of in C, whose English output can be read by us.</summary>
    public bool KeepsLocale { get; init; }

    public override string ToString() => string.Join(' ', [Program, .. Arguments.Select(Quote)]);

    private static string Quote(string argument) => argument.Contains(' ', StringComparison.Ordinal) || argument.Length == 0 ? $"'{argument}'" : argument;
}

/// <summary>How a program ended.</summary>
internal sealed record ProgramResult(int ExitCode, string Output, string Errors)
{
    /// <summary>The last lines it printed, for a message.</summary>
    public string LastWords => string.Join("; ", (Errors.Length > 0 ? Errors : Output).Split('\n').TakeLast(3));
}
