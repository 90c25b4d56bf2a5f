using System.CommandLine;
using System.Globalization;
using PgAutoFailover.Cli.CommandLine;

namespace PgAutoFailover.Cli.Tmux;

/// <summary>The options that say which cluster a session is to have.</summary>
internal sealed class SessionOptions
{
    private static readonly string[] s_layouts = ["even-horizontal", "even-vertical", "main-horizontal", "main-vertical", "tiled"];
    private readonly Option<string?> _root = SessionPlace.RootOption();
    private readonly Option<int?> _port = SessionPlace.PortOption();
    private readonly Option<int?> _nodes = NewOption.Number("--nodes", "-n", "how many nodes; default: 2", 1, SessionPlan.MostNodes);
    private readonly Option<int?> _asynchronous = NewOption.Number("--async-nodes", "-a", "how many of them are asynchronous: the last ones; default: 0", 0, SessionPlan.MostNodes);
    private readonly Option<string?> _priorities = NewOption.Text("--node-priorities", "-P", "candidate priorities of the nodes, separated by commas, the last one for the rest; default: 50");
    private readonly Option<int?> _syncStandbys = NewOption.Number("--sync-standbys", "-s", "number-sync-standbys to set; default, and -1: leave it", -1, SessionPlan.MostNodes);
    private readonly Option<bool> _skipHba = NewOption.Flag("--skip-pg-hba", "-S", "write no HBA rules");
    private readonly Option<string?> _layout = NewOption.Text("--layout", "-l", $"how tmux arranges the panes: {string.Join(", ", s_layouts)}; default: even-vertical");
    private readonly Option<string?> _program = NewOption.Text("--binpath", "-b", "path of pg_autoctl; default: this one");
    private readonly CitusSessionOptions _citus;

    public SessionOptions(Command command)
    {
        _layout.CompletionSources.Add(s_layouts);
        Option[] options = [_root, _port, _nodes, _asynchronous, _priorities, _syncStandbys, _skipHba, _layout, _program];
        foreach (var option in options)
        {
            command.Options.Add(option);
        }

        _citus = new CitusSessionOptions(command);
    }

    public SessionPlace Place(ParseResult parsed) => SessionPlace.Of(parsed.GetValue(_root), parsed.GetValue(_port));

    /// <exception cref="CommandFailure">Options cannot be, or contradict each other.</exception>
    public SessionPlan Plan(ParseResult parsed)
    {
        _citus.Refuse(parsed);
        var place = Place(parsed);
        CheckPath("--root", place.Root);
        var program = parsed.GetValue(_program) is { } given ? Path.GetFullPath(given) : Environment.ProcessPath ?? "pg_autoctl";
        CheckPath("--binpath", program);
        var count = parsed.GetValue(_nodes) ?? 2;
        var asynchronous = parsed.GetValue(_asynchronous) ?? 0;
        if (asynchronous > count)
        {
            throw CommandFailure.BadArguments($"--async-nodes {asynchronous} are more than there are nodes: {count}");
        }

        var syncStandbys = parsed.GetValue(_syncStandbys) is { } number and >= 0 ? number : (int?)null;
        if (syncStandbys > 0 && syncStandbys > count - asynchronous - 2)
        {
            throw CommandFailure.BadArguments(
                $"--sync-standbys {syncStandbys} needs {syncStandbys + 2} synchronous nodes or more: a primary, and one standby more than those that it waits for",
                "Use more --nodes, or fewer --async-nodes");
        }

        return new SessionPlan(
            place.Root,
            place.FirstPort,
            SessionPlan.Plan(count, asynchronous, place.FirstPort, Priorities(parsed.GetValue(_priorities), count)),
            syncStandbys,
            parsed.GetValue(_skipHba),
            Layout(parsed.GetValue(_layout) ?? "even-vertical"),
            program);
    }

    // It is typed into a shell, through tmux: what either of them would read as more than a path is not let in.
    private static void CheckPath(string option, string path)
    {
        if (path.FirstOrDefault(c => !char.IsLetterOrDigit(c) && !"/._-+@:,".Contains(c, StringComparison.Ordinal)) is var bad and not '\0')
        {
            throw CommandFailure.BadArguments(
                $"\"{path}\" of {option} has a character that a path of a session cannot have: \"{bad}\"", "Letters, digits, and any of / . _ - + @ : , can be used");
        }
    }

    private static List<int> Priorities(string? text, int count)
    {
        var words = text?.Split(',', StringSplitOptions.TrimEntries) ?? ["50"];
        var priorities = words.Select(w =>
            int.TryParse(w, NumberStyles.None, CultureInfo.InvariantCulture, out var priority) && priority <= 100
                ? priority
                : throw CommandFailure.BadArguments($"Value \"{w}\" of --node-priorities is not valid: expected numbers from 0 to 100, separated by commas")).ToList();
        return priorities.Count <= count
            ? priorities
            : throw CommandFailure.BadArguments($"--node-priorities has {priorities.Count} numbers, and there are {count} nodes");
    }

    private static string Layout(string layout) => s_layouts.Contains(layout, StringComparer.Ordinal)
        ? layout
        : throw CommandFailure.BadArguments($"Value \"{layout}\" of --layout is not valid: expected {string.Join(", ", s_layouts)}");
}
