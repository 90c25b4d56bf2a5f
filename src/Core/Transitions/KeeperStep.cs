namespace PgAutoFailover.Core.Transitions;

/// <summary>
/// The actions that a keeper's transitions are made of. Each is idempotent: interrupted anywhere and run again, it ends in the
/// same place. What each does in detail is written where the keeper carries it out.
/// </summary>
public enum KeeperStep
{
    /// <summary>Make or adopt a primary: initdb where there is nothing, settings, roles, HBA, start, no synchronous standby.</summary>
    InitPrimary,

    /// <summary>PostgreSQL runs, as whatever its data directory says it is.</summary>
    EnsureRunning,

    /// <summary>Empty <c>synchronous_standby_names</c>; commits that wait are released.</summary>
    DisableSync,

    /// <summary>Set <c>synchronous_standby_names</c> as the monitor says and wait until a standby has received all that was committed before.</summary>
    EnableSync,

    /// <summary>Checkpoint while still serving, then stop fast: a planned stop with a short shutdown.</summary>
    CheckpointAndStop,

    /// <summary>Stop fast; immediately where that does not end.</summary>
    StopPostgres,

    /// <summary>Start a stopped former primary as a primary again, with no synchronous standby.</summary>
    ResumePrimary,

    /// <summary>Start a primary that had fenced itself, with <c>synchronous_standby_names</c> as the monitor says.</summary>
    StartAsPrimary,

    /// <summary>Stop receiving from the upstream and stay in recovery: from then on the old primary cannot gather this node's acknowledgement.</summary>
    StopReceiving,

    /// <summary>Leave recovery; <c>synchronous_standby_names</c> is empty before the first write.</summary>
    Promote,

    /// <summary>Base backup from the primary (or a data directory that is already there), standby settings, start.</summary>
    InitStandby,

    /// <summary>Follow the current primary after having been something else: clean start, pg_rewind or base backup, as the timelines demand.</summary>
    RejoinStandby,

    /// <summary>The walreceiver streams from the primary on the primary's timeline; slots are maintained.</summary>
    CheckCaughtUp,

    /// <summary>Write standby settings without an upstream: started by hand, it comes up as an isolated standby.</summary>
    DetachFromUpstream,

    /// <summary>Leave PostgreSQL to the operator: neither started nor stopped until maintenance ends.</summary>
    ReleaseControl,

    /// <summary>Restart without upstream and report the position reached.</summary>
    ReportLsn,

    /// <summary>Fetch missing WAL from the most advanced standby.</summary>
    FastForward,

    /// <summary>Forget the upstream used to fetch missing WAL.</summary>
    FinishFastForward,

    /// <summary>Base backup from the most advanced standby of a group without a primary.</summary>
    InitFromStandby,

    /// <summary>Stop PostgreSQL and forget a half-done creation.</summary>
    Drop,
}
