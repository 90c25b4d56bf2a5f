using Microsoft.Extensions.Logging.Abstractions;
using PgAutoFailover.Core.Groups;
using PgAutoFailover.Core.Messages;
using PgAutoFailover.Core.Operations;
using PgAutoFailover.Core.Vocabulary;
using PgAutoFailover.Monitor.Groups;
using PgAutoFailover.Monitor.Service;
using PgAutoFailover.Monitor.Settings;
using PgAutoFailover.Monitor.Store;
using PgAutoFailover.Monitor.Tests.Server;
using PgAutoFailover.Monitor.Tests.Store;
using PgAutoFailover.Monitor.Tests.Time;
using Shouldly;
using Xunit;

namespace PgAutoFailover.Monitor.Tests.Groups;

/// <summary>The only writer of a group: what it answers, what it commits, and what it believes when a commit fails.</summary>
public sealed class GroupActorTests : IAsyncLifetime
{
    private static readonly WalReceiverEvidence s_streaming = new() { Streaming = true, UpstreamNodeId = 1, LastMessageAgeMs = 1 };

    private readonly ManualTime _time = new();
    private readonly ServiceConnection _session1 = new(1);
    private readonly ServiceConnection _session2 = new(2);
    private readonly MonitorClock _clock;
    private readonly FakeStore _store = new(new GroupView(Formation.Default, 0, [Node(1, "a", NodeState.Primary), Node(2, "b", NodeState.Secondary)])
    {
        Terms = [new AckTerms(1, "ANY 1 (pgautofailover_standby_2)")],
    });
    private readonly GroupActor _actor;
    private Action _changed = () => { };

    public GroupActorTests()
    {
        _clock = new MonitorClock(_time);
        _actor = new GroupActor(_store.Rows, _store, _clock, new SettingsSource(), NullLogger.Instance, (_, _) => _changed());
    }

    public async ValueTask InitializeAsync()
    {
        await ReportAsync(1, NodeState.Primary);
        await ReportAsync(2, NodeState.Secondary);
        _store.Commits.Clear();
    }

    public ValueTask DisposeAsync() => _actor.DisposeAsync();

    [Fact]
    public async Task A_heartbeat_that_changes_nothing_is_answered_without_a_commit()
    {
        var read = _store.Commits.Count;
        for (var i = 0; i < 100; i++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(1));
            (await ReportAsync(2, NodeState.Secondary, lsn: 1000u + (uint)i)).ShouldBe(NodeState.Secondary);
        }

        _store.Commits.Count.ShouldBe(read);
        var dirty = new List<NodeView>();
        _actor.TakeDirtyNodes(dirty);
        dirty.ShouldContain(n => n.Id == 2 && n.Lsn == new Lsn(1099));
        dirty.Clear();
        _actor.TakeDirtyNodes(dirty);
        dirty.ShouldBeEmpty();
    }

    [Fact]
    public async Task Whoever_gets_an_answer_finds_the_change_known_everywhere()
    {
        // The first turn keeps the loop busy on a thread of its own; the second is waited for on another.
        var busy = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var go = new ManualResetEventSlim();
        var known = 0;
        _changed = () =>
        {
            if (busy.TrySetResult())
            {
                go.Wait(TestContext.Current.CancellationToken);
                return;
            }

            Thread.Sleep(50); // an answer that did not wait would be here first
            Volatile.Write(ref known, 1);
        };
        var first = Task.Run(() => ReportAsync(1, NodeState.Primary, lsn: 1000), TestContext.Current.CancellationToken);
        await busy.Task;
        var second = ReportAsync(2, NodeState.Secondary, lsn: 1000);
        go.Set();

        await second;

        Volatile.Read(ref known).ShouldBe(1);
        await first;
    }

    [Fact]
    public async Task A_decision_is_told_after_its_commit_and_a_failed_one_never()
    {
        _store.Fate = () => CommitResult.Refused(new ApiError("40000", "disk full"));

        (await FailOverAsync()).Error.ShouldNotBeNull().SqlState.ShouldBe("40000");

        _actor.View.Find(1)!.Goal.ShouldBe(NodeState.Primary);
        (await ReportAsync(1, NodeState.Primary)).ShouldBe(NodeState.Primary);
        _store.Fate = () => CommitResult.Done;
        (await FailOverAsync()).Error.ShouldBeNull();
        _store.Commits.ShouldHaveSingleItem().Announcements.ShouldHaveSingleItem().Nodes.Select(n => n.Goal)
            .ShouldBe([NodeState.Draining, NodeState.PreparePromotion]);
        (await ReportAsync(1, NodeState.Primary)).ShouldBe(NodeState.Draining);
    }

    [Theory]
    [InlineData(true, NodeState.Draining)]
    [InlineData(false, NodeState.Primary)]
    public async Task Where_it_is_unknown_whether_a_commit_took_effect_the_rows_tell(bool takesEffect, NodeState goal)
    {
        _store.TakesEffectBeforeItBreaks = takesEffect;
        _store.Fate = () => throw new StoreException("connection reset");

        (await FailOverAsync()).Error.ShouldNotBeNull().SqlState.ShouldBe("40003");

        _store.TakesEffectBeforeItBreaks = false;
        _store.Fate = () => CommitResult.Done;
        (await ReportAsync(1, NodeState.Primary)).ShouldBe(goal);
    }

    [Fact]
    public async Task A_report_counts_as_heard_even_where_what_it_decided_cannot_be_stored()
    {
        _time.Advance(TimeSpan.FromSeconds(7));
        _store.Fate = () => CommitResult.Refused(new ApiError("40000", "disk full"));

        var refused = await _actor.ReportAsync(Heartbeat(2, NodeState.CatchingUp, lsn: 5000), _session2, TestContext.Current.CancellationToken);

        refused.Error.ShouldNotBeNull();
        var node = _actor.View.Find(2)!;
        (node.Reported, node.ReportedAt, node.Lsn).ShouldBe((NodeState.Secondary, _clock.Now, new Lsn(5000)));
    }

    [Fact]
    public async Task What_is_seen_while_the_tables_are_away_is_kept_and_acted_upon_when_they_are_back()
    {
        _store.IsAway = true;
        (await FailOverAsync()).Error.ShouldNotBeNull().SqlState.ShouldBe("40003");
        _actor.Tell(change => ObservationHandling.Linked(change, 1, KeeperLink.Gone));
        _actor.Tell(change => ObservationHandling.Probed(change, 1, ProbeOutcome.Refused, null));
        await Eventually.SatisfiesAsync(() => Task.FromResult(_actor.View.Find(1)!.Probe), probe => probe == ProbeOutcome.Refused);
        _actor.View.Find(2)!.Goal.ShouldBe(NodeState.Secondary);

        _store.IsAway = false;
        (await ReportAsync(2, NodeState.Secondary)).ShouldBe(NodeState.PreparePromotion);
    }

    [Fact]
    public async Task Rows_that_were_edited_meanwhile_are_read_and_the_turn_is_repeated_on_them()
    {
        _store.Rows = _store.Rows.With(_store.Rows.Find(2)! with { CandidatePriority = 0 });

        (await FailOverAsync()).Error.ShouldNotBeNull().Message.ShouldContain("candidate priority 0");

        _store.Commits.ShouldBeEmpty();
        _actor.View.Find(2)!.CandidatePriority.ShouldBe(0);
    }

    [Fact]
    public async Task A_lost_primary_is_replaced_without_anybody_calling()
    {
        _actor.Tell(change => ObservationHandling.Linked(change, 1, KeeperLink.Gone));
        _actor.Tell(change => ObservationHandling.Probed(change, 1, ProbeOutcome.Refused, null));

        await Eventually.SatisfiesAsync(() => Task.FromResult(_actor.View.Find(2)!.Goal), goal => goal == NodeState.PreparePromotion);
        _store.Commits.ShouldHaveSingleItem().Announcements.ShouldHaveSingleItem().RuleId.ShouldBe(325);
    }

    [Fact]
    public async Task Silence_becomes_a_decision_when_its_time_has_come()
    {
        _actor.Tell(change => ObservationHandling.Probed(change, 1, ProbeOutcome.TimedOut, Health.Bad));
        for (var second = 0; second < 21; second++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await ReportAsync(2, NodeState.Secondary, receiver: null);
        }

        await Eventually.SatisfiesAsync(() => Task.FromResult(_actor.View.Find(2)!.Goal), goal => goal == NodeState.PreparePromotion);
    }

    [Fact]
    public async Task A_session_that_was_not_told_its_goal_is_not_believed_to_have_reached_it()
    {
        await FailOverAsync();
        await ReportAsync(2, NodeState.Secondary);

        // A new session of the primary's keeper reports draining before it has heard of the goal: not taken for an answer to it.
        var first = await _actor.ReportAsync(Heartbeat(1, NodeState.Draining), new ServiceConnection(3), TestContext.Current.CancellationToken);

        first.Change.ShouldNotBeNull().After.Find(1)!.GoalConfirmed.ShouldBeFalse();
    }

    [Fact]
    public async Task What_blocks_a_group_is_told_once()
    {
        _actor.Tell(change => ObservationHandling.Probed(change, 1, ProbeOutcome.TimedOut, Health.Bad));
        _actor.Tell(change => ObservationHandling.Probed(change, 2, ProbeOutcome.TimedOut, Health.Bad));
        _store.Commits.Clear();
        for (var second = 0; second < 60; second++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await _actor.AskAsync(_ => null, TestContext.Current.CancellationToken);
        }

        _store.Commits.SelectMany(c => c.Announcements).Select(a => a.Text).Count(t => t.Contains("Start either of them", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Fact]
    public async Task An_exception_in_a_turn_fails_that_turn_only()
    {
        var outcome = await _actor.AskAsync(_ => throw new InvalidOperationException("a bug"), TestContext.Current.CancellationToken);

        outcome.Error.ShouldNotBeNull();
        (await ReportAsync(1, NodeState.Primary)).ShouldBe(NodeState.Primary);
    }

    private static NodeView Node(long id, string name, NodeState state) => new()
    {
        Id = id,
        Name = name,
        Host = "h",
        Port = 6000 + (int)id,
        SystemIdentifier = 7,
        Goal = state,
        Reported = state,
        Lsn = new Lsn(1000),
    };

    private static NodeReport Heartbeat(long nodeId, NodeState state, uint lsn = 1000, WalReceiverEvidence? receiver = null) => new(
        "default", nodeId, 0, state, PgIsRunning: true, Timeline: 1, new Lsn(lsn), "sync", new NodeEvidence { KeeperVersion = "test", WalReceiver = receiver });

    private async Task<NodeState> ReportAsync(long nodeId, NodeState state, uint lsn = 1000) =>
        await ReportAsync(nodeId, state, nodeId == 2 ? s_streaming : null, lsn);

    private async Task<NodeState> ReportAsync(long nodeId, NodeState state, WalReceiverEvidence? receiver, uint lsn = 1000)
    {
        var outcome = await _actor.ReportAsync(Heartbeat(nodeId, state, lsn, receiver), nodeId == 1 ? _session1 : _session2, TestContext.Current.CancellationToken);
        outcome.Error.ShouldBeNull();
        return outcome.Change!.After.Find(nodeId)!.Goal;
    }

    private Task<GroupOutcome> FailOverAsync() => _actor.AskAsync(
        change =>
        {
            var result = Failover.Perform(change.After, change.Settings, change.Clock);
            if (result.Decision is { } decision)
            {
                change.Carry(decision);
            }

            return result.Error;
        },
        TestContext.Current.CancellationToken);
}
