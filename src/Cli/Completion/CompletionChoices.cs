using System.CommandLine;
using System.CommandLine.Completions;
using PgAutoFailover.Cli.CommandLine;

namespace PgAutoFailover.Cli.Completion;

/// <summary>What may follow one command on the command line.</summary>
/// <param name="Offers">Subcommands of a group, options of any other.</param>
/// <param name="Arguments">Kind of its arguments, null where it has none that could be offered.</param>
/// <param name="Values">Each name of each option that takes a value, with the value's kind.</param>
internal sealed record CompletionChoices(string Path, IReadOnlyList<string> Offers, string? Arguments, IReadOnlyList<(string Option, string Kind)> Values)
{
    // Kinds that the script knows; any other one is the list of words itself.
    private const string Nothing = "nothing";
    private const string Nodes = "nodes";
    private const string Formations = "formations";

    /// <summary>Of the program itself, under an empty path, and of each command that a terminal is shown.</summary>
    public static IEnumerable<CompletionChoices> Of(CommandContext context)
    {
        var everywhere = Usage.Everywhere.Select(e => e.Left.Split(' ')[^1]).ToList();
        var entries = CommandTree.Shown(context).ToList();
        yield return new("", [.. ChildrenOf("", entries), .. everywhere], Arguments: null, []);
        foreach (var entry in entries)
        {
            if (entry.Create?.Invoke(context) is not { } command)
            {
                yield return new(entry.Path, [.. ChildrenOf(entry.Path, entries), .. everywhere], Arguments: null, []);
                continue;
            }

            var options = command.Options.Where(o => !o.Hidden).ToList();
            yield return new(
                entry.Path,
                [.. options.Select(o => o.Name), .. everywhere],
                command.Arguments is [var argument, ..] ? WordsOf(argument.GetCompletions(CompletionContext.Empty)) : null,
                [.. options.Where(o => o.ValueType != typeof(bool)).SelectMany(o => o.Aliases.Append(o.Name).Select(name => (name, KindOf(o, entry.Path))))]);
        }
    }

    private static IEnumerable<string> ChildrenOf(string path, IReadOnlyList<CommandEntry> entries) => entries.Where(e => e.IsChildOf(path)).Select(e => e.Name);

    private static string KindOf(Option option, string path) => option.Name switch
    {
        "--pgdata" => "directory",
        "--pgctl" or "--server-key" or "--server-cert" or "--ssl-ca-file" or "--ssl-crl-file" => "file",
        "--formation" when path != "create formation" => Formations,
        "--if-lost" => Nodes,

        // Elsewhere it is a name that no node has yet.
        "--name" when path.StartsWith("get node", StringComparison.Ordinal) || path is "drop node" or "perform promotion"
            or "set node replication-quorum" or "set node candidate-priority" => Nodes,
        _ => WordsOf(option.GetCompletions(CompletionContext.Empty)) ?? Nothing,
    };

    private static string? WordsOf(IEnumerable<CompletionItem> items) => string.Join(' ', items.Select(i => i.InsertText ?? i.Label)) is { Length: > 0 } words ? words : null;
}
