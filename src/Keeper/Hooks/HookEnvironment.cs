using System.Globalization;
using PgAutoFailover.Core.Messages;
using PgAutoFailover.Core.Vocabulary;

namespace PgAutoFailover.Keeper.Hooks;

/// <summary>
/// What a hook is told, as environment variables, in addition to what the service's own environment has. Neither passwords nor whole URIs, which may hold some,
/// are among them.
/// </summary>
internal static class HookEnvironment
{
    public const string Before = "before_change";
    public const string After = "after_change";

    private const string Prefix = "PG_AUTOCTL_HOOK";

    /// <summary>
    /// Of the service's environment, what a hook does not get: a password, the monitor's URI, which may hold one, and what settings of an
    /// earlier command line mean to <c>pg_autoctl</c>, should the hook call it.
    /// </summary>
    public static bool IsWithheld(string name) =>
        name.StartsWith("PG_AUTOCTL_", StringComparison.Ordinal) || name.Contains("PASSWORD", StringComparison.OrdinalIgnoreCase);

    public static Dictionary<string, string> AfterChange(HookPlace place, RoleChange change, HookNode? primary)
    {
        var facts = Facts(After, place, primary);
        facts[$"{Prefix}_FROM_STATE"] = change.From.ToWire();
        facts[$"{Prefix}_TO_STATE"] = change.To.ToWire();
        return facts;
    }

    public static Dictionary<string, string> BeforeChange(HookPlace place, HookQuestion question)
    {
        var facts = Facts(Before, place, question.Primary);
        facts[$"{Prefix}_OPERATION"] = question.Operation;
        Add(facts, "TARGET", question.Target);
        return facts;
    }

    private static Dictionary<string, string> Facts(string hook, HookPlace place, HookNode? primary)
    {
        var facts = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [Prefix] = hook,
            ["PGDATA"] = place.PgData,
            [$"{Prefix}_FORMATION"] = place.FormationId,
            [$"{Prefix}_GROUP"] = place.GroupId.ToString(CultureInfo.InvariantCulture),
        };
        Add(facts, "NODE", place.Node);
        Add(facts, "PRIMARY", primary);
        return facts;
    }

    private static void Add(Dictionary<string, string> facts, string role, HookNode? node)
    {
        if (node is not null)
        {
            facts[$"{Prefix}_{role}_ID"] = node.Id.ToString(CultureInfo.InvariantCulture);
            facts[$"{Prefix}_{role}_NAME"] = node.Name;
            facts[$"{Prefix}_{role}_HOST"] = node.Host;
            facts[$"{Prefix}_{role}_PORT"] = node.Port.ToString(CultureInfo.InvariantCulture);
            facts[$"{Prefix}_{role}_CLIENT_HOST"] = node.ClientHost ?? node.Host;
            facts[$"{Prefix}_{role}_CLIENT_PORT"] = (node.ClientPort ?? node.Port).ToString(CultureInfo.InvariantCulture);
        }
    }
}
