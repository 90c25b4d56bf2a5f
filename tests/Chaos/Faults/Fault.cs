using PgAutoFailover.Harness.Clusters;

namespace PgAutoFailover.Chaos.Faults;

/// <summary>Trouble of one kind, and how it begins and ends.</summary>
/// <param name="Kind">As the table at the end names it.</param>
/// <param name="Touches">Whom it happens to; two faults of one scene never share one.</param>
/// <param name="BeginAsync">What goes wrong, or what an operator does. Tells the story itself.</param>
/// <param name="EndAsync">Takes it back; an operator's command may be refused here.</param>
internal sealed record Fault(
    string Kind, IReadOnlyList<TestNode> Touches, Func<CancellationToken, Task> BeginAsync, Func<CancellationToken, Task> EndAsync)
{
    /// <summary>Called when every other fault is over: it is taken back for good.</summary>
    public Func<CancellationToken, Task> MendAsync { get; init; } = _ => Task.CompletedTask;

    /// <summary>Links are cut. Cuts of the same link would undo each other, so there is one in a scene at most.</summary>
    public bool IsPartition { get; init; }

    /// <summary>
    /// Nodes whose PostgreSQL may be left running and reachable while another node is promoted, because nobody is there who could stop it,
    /// or nobody can tell him to. It acknowledges nothing more, but answers reads out of the past until it is fenced.
    /// </summary>
    public IReadOnlyList<TestNode> MayAnswerLate { get; init; } = [];

    /// <summary>
    /// Nodes that may show rows which no standby has confirmed: PostgreSQL hides a commit that waits for its standbys, but not after it has
    /// been restarted. A row that was seen but never acknowledged may then vanish in a failover.
    /// </summary>
    public IReadOnlyList<TestNode> MayShowUnconfirmed { get; init; } = [];
}

/// <summary>A kind of fault and how often it is chosen.</summary>
internal sealed record FaultKind(int Weight, Func<Stage, Fault> Make);
