using System.Globalization;
using System.Text;

namespace PgAutoFailover.Cli.Tmux;

/// <summary>A definition for docker compose: a service for the monitor and one for each node, each with a volume of its own.</summary>
internal static class ComposeFile
{
    private const string Image = "pg_auto_failover";
    private const string Home = "/var/lib/postgres";

    /// <summary>The volumes, as docker knows them; they are external, so that a cluster outlives its containers.</summary>
    public static IEnumerable<string> Volumes(SessionPlan plan) => Services(plan).Select(name => $"vol_{name}");

    /// <param name="plan">What the cluster is to have.</param>
    /// <param name="context">Directory with the Dockerfile from which the image is built where it is missing; null to do without.</param>
    public static string Of(SessionPlan plan, string? context)
    {
        var file = new StringBuilder("services:\n");
        AddService(file, context, SessionPlan.MonitorName, [], $"pg_autoctl create monitor --hostname {SessionPlan.MonitorName} --ssl-self-signed {plan.MonitorAuthentication} --run");
        foreach (var node in plan.Nodes)
        {
            AddService(
                file,
                context,
                node.Name,
                [
                    ("PGUSER", Quote(SessionPlan.Database)),
                    ("PGDATABASE", Quote(SessionPlan.Database)),
                    ("PG_AUTOCTL_MONITOR", Quote($"postgresql://autoctl_node@{SessionPlan.MonitorName}/pg_auto_failover?sslmode=require")),
                    ("PG_AUTOCTL_NODE_NAME", Quote(node.Name)),
                    ("PG_AUTOCTL_REPLICATION_QUORUM", node.IsSynchronous ? "\"true\"" : "\"false\""),
                    ("PG_AUTOCTL_CANDIDATE_PRIORITY", node.Priority.ToString(CultureInfo.InvariantCulture)),
                ],
                $"pg_autoctl create postgres --ssl-self-signed {plan.NodeAuthentication} --run");
        }

        file.Append("\nvolumes:\n");
        foreach (var name in Services(plan))
        {
            file.Append($"  {name}_data:\n    external: true\n    name: vol_{name}\n");
        }

        return file.ToString();
    }

    private static IEnumerable<string> Services(SessionPlan plan) => plan.Nodes.Select(n => n.Name).Prepend(SessionPlan.MonitorName);

    private static void AddService(StringBuilder file, string? context, string name, IEnumerable<(string Name, string Value)> environment, string command)
    {
        file.Append($"  {name}:\n");
        file.Append(context is null ? "" : $"    build: {Quote(context)}\n");
        file.Append($"    image: {Image}\n    hostname: {name}\n    volumes:\n      - {name}_data:{Home}:rw\n    environment:\n      PGDATA: {Home}/pgaf\n");
        foreach (var (variable, value) in environment)
        {
            file.Append($"      {variable}: {value}\n");
        }

        file.Append($"    expose:\n      - 5432\n    command: {command}\n");
    }

    // JSON's strings are YAML's too; a dollar sign is compose's own, and doubled to mean itself.
    private static string Quote(string text) =>
        $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("$", "$$", StringComparison.Ordinal)}\"";
}
