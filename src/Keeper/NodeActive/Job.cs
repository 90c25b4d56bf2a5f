using PgAutoFailover.Core.Transitions;

namespace PgAutoFailover.Keeper.NodeActive;

/// <summary>What the node is busy with beside the loop.</summary>
internal enum JobKind
{
    /// <summary>A row of the transition table.</summary>
    Transition,

    /// <summary>What the current state demands.</summary>
    Upkeep,

    /// <summary>Stopping PostgreSQL because the lease is over.</summary>
    Fence,
}

/// <summary>A piece of work on the local PostgreSQL.</summary>
/// <param name="Kind">Why it is done.</param>
/// <param name="Name">For messages.</param>
/// <param name="Row">The transition, where it is one.</param>
/// <param name="Work">The work; cancelled when something else has to be done instead.</param>
internal sealed record Job(JobKind Kind, string Name, KeeperTransition? Row, Func<CancellationToken, Task> Work)
{
    /// <summary>Stands for having nothing to do, where something is being done that is not wanted any more.</summary>
    public static Job Nothing { get; } = new(JobKind.Upkeep, "nothing", Row: null, _ => Task.CompletedTask);

    /// <summary>The configuration that it applies, where that is what it does.</summary>
    public KeeperSettings? Reload { get; init; }

    /// <summary>It stops PostgreSQL, and nothing that hangs may delay it.</summary>
    public bool IsUrgent => Kind == JobKind.Fence || (Row is { } row && RoleRules.MustBeStopped(row.To));
}

/// <summary>How a job ended.</summary>
/// <param name="Error">Null when it was done.</param>
/// <param name="WasCancelled">It was given up for something else; then <paramref name="Error"/> says nothing.</param>
internal sealed record JobResult(Job Job, Exception? Error, bool WasCancelled)
{
    public bool Succeeded => Error is null && !WasCancelled;
}
