using System.Globalization;
using System.Text;
using Npgsql;
using PgAutoFailover.Core.Groups;
using PgAutoFailover.Monitor.Store;
using PgAutoFailover.Monitor.Tests.Schema;
using PgAutoFailover.Monitor.Tests.Server;
using Shouldly;
using Xunit;

namespace PgAutoFailover.Monitor.Tests.Store;

/// <summary>Groups that are changed while every connection is busy: the first two go alone as soon as there are some again, the others together.</summary>
public sealed class CommitsTogetherTests(ThrowawayPostgres postgres) : InstalledSchema(postgres)
{
    private static readonly TimeSpan s_now = TimeSpan.FromSeconds(100);

    private MonitorDatabase _database = null!; // by InitializeAsync, as all of these
    private PostgresStore _store = null!;
    private NpgsqlConnection _holder = null!;
    private List<GroupView> _groups = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _holder = await Postgres.ConnectAsync(Database);
        await Session.ExecuteAsync(
            """
            insert into pgautofailover.formation (formationid) select 'f' || g from generate_series(1, 6) as g;
            insert into pgautofailover.node (formationid, groupid, nodename, nodehost, nodeport, sysidentifier, goalstate, reportedstate)
            select 'f' || g, 0, 'n' || g, 'localhost', 6000 + g, g, 'single', 'single' from generate_series(1, 6) as g
            """);
        _database = new MonitorDatabase(new MonitorServiceOptions
        {
            SocketDirectory = Postgres.Root,
            PgPort = 5432,
            DbName = Database,
            SuperUser = "postgres",
            ServiceSocketDirectory = Postgres.Root,
        });
        _store = new PostgresStore(_database.Source, connections: 2);
        _groups = [.. (await _store.LoadAsync(s_now, Token)).Where(g => g.Nodes.Length > 0).OrderBy(g => g.Formation.Id, StringComparer.Ordinal)];
    }

    public override async ValueTask DisposeAsync()
    {
        _store.Dispose();
        await _database.DisposeAsync();
        await _holder.DisposeAsync();
        await base.DisposeAsync();
    }

    [Fact]
    public async Task They_are_written_and_told_in_one_transaction()
    {
        var told = new List<string>();
        await using var listener = await Postgres.ConnectAsync(Database);
        listener.Notification += (_, e) => told.Add(e.Payload);
        await listener.ExecuteAsync("listen state");

        var busy = await MakeBusyAsync();
        List<Task<CommitResult>> commits = [.. _groups.Select(g => CommitAsync(g))];
        await EndBusyAsync(busy);

        (await Task.WhenAll(commits)).ShouldAllBe(r => r == CommitResult.Done);
        (await Session.RowsAsync("select count(*), count(distinct xmin::text) from pgautofailover.event")).ShouldBe(["6|3"]);
        (await Session.RowsAsync("select distinct candidatepriority from pgautofailover.node")).ShouldBe(["7"]);
        while (told.Count < 6)
        {
            await listener.WaitAsync(Token);
        }
    }

    [Fact]
    public async Task One_that_cannot_be_written_as_it_is_spoils_no_other()
    {
        await Session.ExecuteAsync("update pgautofailover.node set candidatepriority = 50 where formationid = 'f4'");
        var busy = await MakeBusyAsync();
        List<Task<CommitResult>> commits = [.. _groups.Select(g => CommitAsync(g, port: g == _groups[2] ? 6001 : null))];
        await EndBusyAsync(busy);

        var results = await Task.WhenAll(commits);
        results[2].Refusal.ShouldNotBeNull().SqlState.ShouldBe("23505");
        results[3].ShouldBe(CommitResult.Conflict);
        results.Where((_, i) => i is not (2 or 3)).ShouldAllBe(r => r == CommitResult.Done);
        (await Session.RowsAsync("select candidatepriority from pgautofailover.node order by nodename")).ShouldBe(["7", "7", "100", "50", "7", "7"]);
        (await Session.RowsAsync("select count(*) from pgautofailover.event")).ShouldBe(["4"]);
    }

    [Fact]
    public async Task A_defect_that_one_meets_is_nobody_elses()
    {
        var busy = await MakeBusyAsync();
        List<Task<CommitResult>> commits = [.. _groups.Select(g => CommitAsync(g, text: g == _groups[3] ? "no character: \ud800" : "A test"))];
        await EndBusyAsync(busy);

        await Should.ThrowAsync<EncoderFallbackException>(() => commits[3]);
        (await Task.WhenAll(commits.Where((_, i) => i != 3))).ShouldAllBe(r => r == CommitResult.Done);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    public async Task One_whose_rows_a_client_holds_lets_the_others_go_first(int held)
    {
        await using var other = await Postgres.ConnectAsync(Database);
        await other.ExecuteAsync($"begin; select from pgautofailover.node where formationid = '{_groups[held].Formation.Id}' for update");
        List<Task<CommitResult>> commits = [.. _groups.Select(g => CommitAsync(g))];

        (await Task.WhenAll(commits.Where((_, i) => i != held))).ShouldAllBe(r => r == CommitResult.Done);
        commits[held].IsCompleted.ShouldBeFalse();
        await other.ExecuteAsync("rollback");
        (await commits[held]).ShouldBe(CommitResult.Done);
    }

    [Fact]
    public async Task One_that_is_given_up_while_it_waits_is_not_written()
    {
        var busy = await MakeBusyAsync();
        using var leaving = new CancellationTokenSource();
        List<Task<CommitResult>> commits = [.. _groups.Select(g => CommitAsync(g, cancellationToken: g == _groups[3] ? leaving.Token : Token))];
        await leaving.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => commits[3]);
        await EndBusyAsync(busy);

        (await Task.WhenAll(commits.Where((_, i) => i != 3))).ShouldAllBe(r => r == CommitResult.Done);
        (await Session.RowsAsync("select formationid from pgautofailover.event order by 1")).ShouldBe(["f1", "f2", "f3", "f5", "f6"]);
    }

    [Fact]
    public async Task A_session_that_ends_leaves_it_open_what_came_of_those_that_it_worked_on()
    {
        await Session.ExecuteAsync(
            """
            create function slow() returns trigger language plpgsql as $$ begin perform pg_sleep(60); return new; end $$;
            create trigger slow before insert on pgautofailover.event for each row when (new.formationid = 'f6') execute function slow()
            """);
        var busy = await MakeBusyAsync();
        List<Task<CommitResult>> commits = [.. _groups.Select(g => CommitAsync(g))];
        await EndBusyAsync(busy);
        await UntilSessionsAsync(1, "wait_event = 'PgSleep'");
        await Session.ExecuteAsync("select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and wait_event = 'PgSleep'");

        (await Task.WhenAll(commits[..2])).ShouldAllBe(r => r == CommitResult.Done);
        foreach (var commit in commits[2..])
        {
            await Should.ThrowAsync<StoreException>(() => commit);
        }
    }

    /// <summary>Has every connection of the store wait for a table.</summary>
    private async Task<Task> MakeBusyAsync()
    {
        await _holder.ExecuteAsync("begin; lock table pgautofailover.formation");
        var busy = Task.WhenAll(_store.LoadAsync(s_now, Token), _store.LoadAsync(s_now, Token));
        await UntilSessionsAsync(2, "wait_event_type = 'Lock'");
        return busy;
    }

    private async Task EndBusyAsync(Task busy)
    {
        await _holder.ExecuteAsync("rollback");
        await busy;
    }

    private Task<List<string>> UntilSessionsAsync(int number, string what) => Eventually.SatisfiesAsync(
        () => Session.RowsAsync(
            $"select count(*) from pg_stat_activity where datname = current_database() and application_name = '{MonitorDatabase.ApplicationName}' and {what}"),
        rows => rows is [var count] && count == number.ToString(CultureInfo.InvariantCulture));

    private Task<CommitResult> CommitAsync(GroupView group, int? port = null, string text = "A test", CancellationToken? cancellationToken = null)
    {
        var node = group.Nodes[0] with { CandidatePriority = 7, Port = port ?? group.Nodes[0].Port };
        return _store.CommitAsync(new(group, group with { Nodes = [node] }, [new(text, [node])]), s_now, cancellationToken ?? Token);
    }
}
