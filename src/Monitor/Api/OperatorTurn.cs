using PgAutoFailover.Core.Operations;
using PgAutoFailover.Core.Rules;
using PgAutoFailover.Monitor.Groups;
using PgAutoFailover.Monitor.Service;

namespace PgAutoFailover.Monitor.Api;

/// <summary>A turn of a group that does what an operator asks for: Core judges, the group commits, the caller is told.</summary>
internal static class OperatorTurn
{
    public static async Task<ServiceReply> TakeAsync(
        GroupActor group, Func<GroupChange, OperationResult> operation, bool isVoid, CancellationToken cancellationToken)
    {
        OperationResult? result = null;
        var outcome = await group.AskAsync(
            change =>
            {
                result = operation(change);
                if (change.After.IsRestored && result is { Error: null } and not ({ Decision.Removed.IsEmpty: false } or { Decision.EndsRestoration: true }))
                {
                    return Restoration.Refusal(change.After);
                }

                if (result is { Error: null, Decision: { } decision })
                {
                    change.Carry(decision);
                }

                return result.Error;
            },
            cancellationToken);
        return outcome.Error is { } error
            ? ServiceReply.Refused(error)
            : ReplyJson.Of(isVoid ? null : result!.Value, result!.Remark); // without an error the operation has run
    }
}
