namespace PgAutoFailover.Core.Vocabulary;

/// <summary>
/// What a node is doing (its reported state) or is asked to do (its goal state). The members stand in the order of the
/// labels of the SQL type <c>pgautofailover.replication_state</c>; <see cref="NodeStates"/> has their wire names.
/// </summary>
public enum NodeState
{
    Unknown,
    Init,
    Single,
    WaitPrimary,
    Primary,
    Draining,
    DemoteTimeout,
    Demoted,
    CatchingUp,
    Secondary,
    PreparePromotion,
    StopReplication,
    WaitStandby,
    Maintenance,
    JoinPrimary,
    ApplySettings,
    PrepareMaintenance,
    WaitMaintenance,
    ReportLsn,
    FastForward,
    JoinSecondary,
    Dropped,
}
