using PgAutoFailover.Core.Operations;

namespace PgAutoFailover.Monitor.Groups;

/// <summary>
/// One thing that a group has to deal with: a request, something observed, or that time has passed. Turns of a group are taken one at a
/// time, each to its end.
/// </summary>
/// <param name="Apply">Changes the view and says what is to be told, or refuses. Run again, on fresh rows, after a conflict.</param>
internal sealed record GroupTurn(Func<GroupChange, ApiError?> Apply)
{
    /// <summary>Follows within the turn when it has been committed.</summary>
    public Action<GroupChange>? Committed { get; init; }

    /// <summary>Where somebody waits for the outcome.</summary>
    public TaskCompletionSource<GroupOutcome>? Outcome { get; init; }

    /// <summary>The rows may have been edited: read them before.</summary>
    public bool Reload { get; init; }

    /// <summary>Nothing happened but time.</summary>
    public bool IsTick { get; init; }
}

/// <summary>How a turn ended: what has been changed and committed, or why nothing was.</summary>
internal sealed record GroupOutcome(GroupChange? Change, ApiError? Error);
