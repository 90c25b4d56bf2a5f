using PgAutoFailover.Core.Groups;
using PgAutoFailover.Core.Operations;

namespace PgAutoFailover.Monitor.Hooks;

/// <summary>What the caller of a planned change is told when a hook keeps it from being made.</summary>
internal static class HookError
{
    /// <summary>External routine exception.</summary>
    public const string SqlState = "38000";

    /// <summary>How much of a hook's words an error quotes, in characters.</summary>
    private const int LongestQuote = 300;

    public static ApiError Refused(string operation, NodeView node, string what, string words) => new(
        SqlState,
        $"no {operation}: hook before_change of {node} {what}",
        Quote(words),
        "Nothing was changed. In an emergency, --skip-hooks leaves hooks out, and so does SET pgautofailover.skip_hooks TO on in SQL");

    public static ApiError HasChanged(string operation) => new(
        ApiError.ObjectNotInPrerequisiteState,
        $"no {operation}: the group has changed while the hooks of its nodes were asked",
        "What they agreed to is not what would be done now",
        "See \"pg_autoctl show state\", and ask again if it is still wanted");

    public static ApiError Busy(string operation) => new(
        ApiError.ObjectInUse, $"no {operation}: hooks of this group are being asked about another planned change", Hint: "Try again when that has ended");

    private static string Quote(string words)
    {
        var plain = string.Concat(words.Take(LongestQuote).Select(c => char.IsControl(c) ? ' ' : c));
        return plain.Length > 0 ? char.ToUpperInvariant(plain[0]) + plain[1..] : plain;
    }
}
