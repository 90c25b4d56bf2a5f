using PgAutoFailover.Core.Explanations;
using PgAutoFailover.Core.Groups;
using PgAutoFailover.Core.Messages;
using PgAutoFailover.Core.Vocabulary;
using Shouldly;
using Xunit;
using static PgAutoFailover.Core.Tests.Rules.Views;

namespace PgAutoFailover.Core.Tests.Explanations;

/// <summary>Whoever asks why nothing can be written is told, and how that ends.</summary>
public sealed class AcknowledgementTests
{
    [Theory]
    [InlineData(1, 0, "set formation number-sync-standbys --formation default 0")]
    [InlineData(0, 0, "go on alone")]
    public void Commits_that_nobody_acknowledges_are_said(int numberSync, int streaming, string wayOut)
    {
        var wait = Explain(numberSync, streaming).Waits[0];

        wait.What.ShouldStartWith("Nobody's commit is acknowledged: node 1");
        wait.Until.ShouldContain(wayOut);
    }

    [Fact]
    public void As_long_as_enough_standbys_stream_there_is_nothing_to_say() =>
        Explain(numberSync: 1, streaming: 1).Waits.ShouldNotContain(w => w.What.Contains("acknowledged", StringComparison.Ordinal));

    [Fact]
    public void What_a_failover_would_give_up_is_known_before_it_is_done()
    {
        var group = Group(Node(1, NodeState.Primary).Killed(), Node(2, NodeState.Secondary).Killed(), Node(3, NodeState.Secondary));
        Explanation Of(GroupView view) => Explanation.Of(view, ifLost: null, MonitorSettings.Default, AtNoon);

        Of(group).Loss.ShouldNotBeNull().ShouldContain("the most advanced node in touch is node 3");
        Of(Group(Node(1, NodeState.Primary), Node(2, NodeState.Secondary))).Loss.ShouldBeNull("an ordinary failover loses nothing");
    }

    private static Explanation Explain(int numberSync, int streaming)
    {
        var primary = Node(1, NodeState.Primary) with
        {
            PgIsRunning = true,
            Evidence = new NodeEvidence { KeeperVersion = "1", StreamingStandbys = streaming },
        };
        var group = Group(primary, Node(2, NodeState.Secondary), Node(3, NodeState.Secondary));
        return Explanation.Of(group with { Formation = group.Formation with { NumberSyncStandbys = numberSync } }, ifLost: null, MonitorSettings.Default, AtNoon);
    }
}
