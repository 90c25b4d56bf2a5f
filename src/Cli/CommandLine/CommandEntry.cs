using System.CommandLine;

namespace PgAutoFailover.Cli.CommandLine;

/// <summary>
/// One line of the command tree. A leaf carries the factory of its command: only the one that was called for is built, which
/// keeps the start of every other one short.
/// </summary>
/// <param name="Path">The words that call it, separated by spaces.</param>
/// <param name="Synopsis">Options and arguments as the usage line shows them.</param>
internal sealed record CommandEntry(string Path, string Summary, string Synopsis = "", Func<CommandContext, Command>? Create = null)
{
    /// <summary>Options that are taken, and mean nothing.</summary>
    public IReadOnlyList<IgnoredOption> Ignored { get; init; } = [];

    /// <summary>Whatever follows is for the command itself, options that it does not have too.</summary>
    public bool TakesAnything { get; init; }

    public bool IsGroup => Create is null;

    /// <summary>The last word of the path.</summary>
    public string Name => Path[(Path.LastIndexOf(' ') + 1)..];

    public bool IsChildOf(string path) => path.Length == 0
        ? !Path.Contains(' ', StringComparison.Ordinal)
        : Path.Length > path.Length + 1 && Path.StartsWith($"{path} ", StringComparison.Ordinal)
            && !Path.AsSpan(path.Length + 1).Contains(' ');
}
