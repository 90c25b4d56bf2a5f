namespace PgAutoFailover.Cli.Services;

/// <summary>Whether a command line starts the service, to be known before anything else is done with it.</summary>
internal static class ServiceStart
{
    /// <summary>True for <c>run</c>, and for a <c>create</c> that goes on as the service.</summary>
    public static bool IsAskedFor(IReadOnlyList<string> words) => words.FirstOrDefault(w => !w.StartsWith('-')) switch
    {
        "run" => true,
        "create" => words.Any(w => w is ['-', not '-', ..] ? w.Contains('x', StringComparison.Ordinal) : w.Length > 3 && "--run".StartsWith(w, StringComparison.Ordinal)),
        _ => false,
    };
}
