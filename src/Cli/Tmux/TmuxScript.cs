using System.Globalization;
using System.Text;

namespace PgAutoFailover.Cli.Tmux;

/// <summary>
/// The commands by which tmux makes a session: one pane for the monitor, one for each node, one for the dashboard, and a shell. In each pane,
/// a shell is typed into, so that a person sees what was done, and can go on there with the arrow keys. A node is created when the one
/// before it is registered, and a pane whose wait fails does nothing more.
/// </summary>
internal static class TmuxScript
{
    private const string Shell = "/bin/bash";

    /// <param name="plan">What the session is to have.</param>
    /// <param name="user">What it takes over from its user.</param>
    public static string Of(SessionPlan plan, SessionUser user)
    {
        var script = new Writer(plan, user);
        var place = new SessionPlace(plan.Root, plan.FirstPort);
        script.Add($"run-shell 'mkdir -p -m 700 \"{plan.Root}\" \"{place.Environment["XDG_RUNTIME_DIR"]}\"'");
        script.Begin(place.Environment.Prepend(new("PG_AUTOCTL_MONITOR", MonitorUri(plan))));
        script.TypeInto(SessionPlan.MonitorName, plan.FirstPort, $"{plan.Program} create monitor --hostname localhost --ssl-self-signed {plan.MonitorAuthentication} --run");
        var before = SessionPlan.MonitorName;
        foreach (var node in plan.Nodes)
        {
            script.NewPane();
            script.TypeInto(node.Name, node.Port, $"{Wait(plan, before)} && {CreateNode(plan, node)}");
            before = node.Name;
        }

        script.NewPane();
        script.Type($"export PGDATA=\"{plan.Root}/{SessionPlan.MonitorName}\"");
        script.Type($"{Wait(plan, SessionPlan.MonitorName)} && {plan.Program} watch");
        script.NewPane();
        script.Type($"export PGDATA=\"{plan.Root}/{SessionPlan.MonitorName}\"");
        script.Type($"cd \"{plan.Root}\"");
        if (plan.SyncStandbys is { } number)
        {
            var set = string.Create(CultureInfo.InvariantCulture, $"{plan.Program} set formation number-sync-standbys {number}");
            script.Type($"{Wait(plan, "")} && {set}");
        }

        return script.End("pg_autoctl perform failover");
    }

    /// <summary>The same for a cluster in containers: one pane for the logs of all of them, one for the dashboard, and a shell.</summary>
    /// <param name="compose">How compose is called: <c>docker compose</c>, or <c>docker-compose</c>.</param>
    /// <inheritdoc cref="Of"/>
    public static string OfContainers(SessionPlan plan, string compose, SessionUser user)
    {
        var script = new Writer(plan, user);
        var inMonitor = $"{compose} exec {SessionPlan.MonitorName} pg_autoctl";
        script.Begin([]);
        script.Type($"cd \"{plan.Root}\"");
        script.Type($"{compose} up --detach && {compose} logs --follow");
        script.NewPane();
        script.Type($"cd \"{plan.Root}\"");
        script.Type($"until {inMonitor} show state >/dev/null 2>&1; do sleep 1; done; {inMonitor} watch");
        script.NewPane();
        script.Type($"cd \"{plan.Root}\"");
        if (plan.SyncStandbys is { } number)
        {
            script.Type(string.Create(CultureInfo.InvariantCulture, $"until {inMonitor} set formation number-sync-standbys {number}; do sleep 1; done"));
        }

        return script.End($"{inMonitor} perform failover");
    }

    private static string MonitorUri(SessionPlan plan) =>
        string.Create(CultureInfo.InvariantCulture, $"postgres://autoctl_node@localhost:{plan.FirstPort}/pg_auto_failover?sslmode=require");

    // An empty name: until the whole formation is settled.
    private static string Wait(SessionPlan plan, string name)
    {
        var size = name.Length > 0 ? name : string.Create(CultureInfo.InvariantCulture, $"--nodes {plan.Nodes.Length}");
        return string.Create(
            CultureInfo.InvariantCulture, $"PG_AUTOCTL_DEBUG=1 {plan.Program} do tmux wait --root {plan.Root} --first-pgport {plan.FirstPort} {size}");
    }

    private static string CreateNode(SessionPlan plan, PlannedNode node) => string.Create(
        CultureInfo.InvariantCulture,
        $"{plan.Program} create postgres --hostname localhost --ssl-self-signed {plan.NodeAuthentication} --name {node.Name} --dbname {SessionPlan.Database} --replication-quorum {(node.IsSynchronous ? "true" : "false")} --candidate-priority {node.Priority} --run");

    private sealed class Writer(SessionPlan plan, SessionUser user)
    {
        private readonly StringBuilder _text = new();

        public void Add(string line) => _text.Append(line).Append('\n');

        // Detached, and as large as a usual window, so that it can be made without a terminal; who attaches gives it the size of his.
        public void Begin(IEnumerable<KeyValuePair<string, string>> environment)
        {
            Add($"new-session -d -s {plan.Name} -x 200 -y 60 {Shell}");
            Add($"set-option -t {plan.Name} default-shell {Shell}");
            Add($"set-option -t {plan.Name} {TmuxServer.RootOption} \"{plan.Root}\"");
            foreach (var (name, value) in environment.Prepend(new("PATH", user.Path)))
            {
                Add($"set-environment -t {plan.Name} {name} \"{Escape(value)}\"");
            }

            TakeEnvironment();
        }

        public void NewPane()
        {
            Add($"split-window -v -t {plan.Name}:");
            Add($"select-layout -t {plan.Name}: {plan.Layout}");
            TakeEnvironment();
        }

        public void TypeInto(string name, int port, string command)
        {
            Type(string.Create(CultureInfo.InvariantCulture, $"export PGPORT={port}"));
            Type($"export PGDATA=\"{plan.Root}/{name}\"");
            Type(command);
        }

        public void Type(string command) => Add($"send-keys -t {plan.Name}: '{command}' Enter");

        public string End(string failover)
        {
            Add($"select-layout -t {plan.Name}: {plan.Layout}");
            foreach (var line in user.ExtraCommands.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            {
                Add(line);
            }

            Type("# to quit: Ctrl+b d, or tmux detach");
            Type($"# to see a failover: {failover}");
            return _text.ToString();
        }

        // Within tmux's double quotes.
        private static string Escape(string value) => value.Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace("\"", "\\\"", StringComparison.Ordinal).Replace("$", "\\$", StringComparison.Ordinal);

        private void TakeEnvironment() => Type($"eval \"$(tmux show-environment -s -t {plan.Name})\"");
    }
}
