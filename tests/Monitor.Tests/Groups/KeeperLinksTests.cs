using Microsoft.Extensions.Logging.Abstractions;
using PgAutoFailover.Core.Groups;
using PgAutoFailover.Core.Vocabulary;
using PgAutoFailover.Monitor.Groups;
using PgAutoFailover.Monitor.Service;
using PgAutoFailover.Monitor.Settings;
using PgAutoFailover.Monitor.Tests.Server;
using PgAutoFailover.Monitor.Tests.Store;
using PgAutoFailover.Monitor.Tests.Time;
using Shouldly;
using Xunit;

namespace PgAutoFailover.Monitor.Tests.Groups;

/// <summary>What the end of a session says of a keeper.</summary>
public sealed class KeeperLinksTests : IAsyncLifetime
{
    private readonly GroupView _group = new(
        Formation.Default,
        0,
        [new NodeView { Id = 1, Name = "a", Host = "h", Port = 1, Goal = NodeState.Single, Reported = NodeState.Single, Link = KeeperLink.Connected }]);

    private readonly ServiceConnection _session = new(1);
    private readonly CancellationTokenSource _stop = new();
    private readonly GroupRegistry _groups;
    private readonly KeeperLinks _links;
    private readonly GroupActor _actor;
    private readonly Task _run;
    private bool _serverIsUp = true;

    public KeeperLinksTests()
    {
        _groups = new GroupRegistry(new FakeStore(_group), new MonitorClock(new ManualTime()), new SettingsSource(), NullLogger.Instance);
        _actor = _groups.GetOrAdd(_group);
        _links = new KeeperLinks(_groups, _ => Task.FromResult(_serverIsUp));
        _run = _links.RunAsync(_stop.Token);
    }

    public ValueTask InitializeAsync() => default;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _run.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _groups.DisposeAsync();
        _stop.Dispose();
    }

    [Fact]
    public async Task Its_keeper_is_gone()
    {
        _links.Speaks(1, _session);
        _links.Ended(_session);

        await LinkBecomesAsync(KeeperLink.Gone);
    }

    [Fact]
    public void What_an_earlier_session_says_is_of_the_past_as_long_as_there_is_a_later_one()
    {
        var later = new ServiceConnection(2);
        _links.Speaks(1, _session).ShouldBeTrue();
        _links.Speaks(1, later).ShouldBeTrue();

        _links.Speaks(1, _session).ShouldBeFalse();
        _links.Speaks(1, later).ShouldBeTrue();
    }

    [Fact]
    public async Task Nothing_where_it_is_the_monitors_postgres_that_went_down()
    {
        _serverIsUp = false;
        _links.Speaks(1, _session);
        _links.Ended(_session);

        await LinkBecomesAsync(KeeperLink.NeverSeen);
    }

    [Fact]
    public async Task Nothing_where_the_keeper_speaks_in_another_session_by_now()
    {
        var other = new ServiceConnection(2);
        _links.Speaks(1, _session);
        _links.Speaks(1, other);
        _links.Ended(_session);
        (await _actor.AskAsync(_ => null, TestContext.Current.CancellationToken)).Error.ShouldBeNull();
        _actor.View.Find(1)!.Link.ShouldBe(KeeperLink.Connected);

        _links.Ended(other);
        await LinkBecomesAsync(KeeperLink.Gone);
    }

    private Task<KeeperLink> LinkBecomesAsync(KeeperLink link) => Eventually.SatisfiesAsync(() => Task.FromResult(_actor.View.Find(1)!.Link), l => l == link);
}
