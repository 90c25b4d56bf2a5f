using Npgsql;
using PgAutoFailover.Core.Groups;
using PgAutoFailover.Monitor.Store;
using PgAutoFailover.Monitor.Tests.Server;
using Shouldly;
using Xunit;

namespace PgAutoFailover.Monitor.Tests.Store;

/// <summary>Groups that are changed while every connection is busy: here the only one, which a commit has that waits for a row.</summary>
public sealed class CommitsTogetherTests(ThrowawayPostgres postgres) : IAsyncLifetime
{
    private static readonly TimeSpan s_now = TimeSpan.FromSeconds(100);

    private RunningMonitor _monitor = null!; // by InitializeAsync, as all of these
    private MonitorDatabase _database = null!;
    private PostgresStore _store = null!;
    private NpgsqlConnection _superuser = null!;
    private NpgsqlConnection _holder = null!;
    private List<GroupView> _groups = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _monitor = await RunningMonitor.StartAsync(postgres);
        _superuser = await _monitor.ConnectAsync("postgres");
        _holder = await _monitor.ConnectAsync("postgres");
        await _superuser.ExecuteAsync(
            """
            insert into pgautofailover.formation (formationid) select 'f' || g from generate_series(1, 6) as g;
            insert into pgautofailover.node (formationid, groupid, nodename, nodehost, nodeport, sysidentifier, goalstate, reportedstate)
            select 'f' || g, 0, 'n' || g, 'localhost', 6000 + g, g, 'single', 'single' from generate_series(1, 6) as g
            """);
        _database = new MonitorDatabase(new MonitorServiceOptions
        {
            SocketDirectory = postgres.Root,
            PgPort = 5432,
            DbName = _monitor.Database,
            SuperUser = "postgres",
            ServiceSocketDirectory = postgres.Root,
        });
        _store = new PostgresStore(_database.Source, connections: 1);
        _groups = [.. (await _store.LoadAsync(s_now, Token)).Where(g => g.Nodes.Length > 0).OrderBy(g => g.Formation.Id, StringComparer.Ordinal)];
    }

    public async ValueTask DisposeAsync()
    {
        _store.Dispose();
        await _database.DisposeAsync();
        await _monitor.DisposeAsync();
    }

    [Fact]
    public async Task They_are_written_and_told_in_one_transaction()
    {
        var told = new List<string>();
        await using var listener = await postgres.ConnectAsync(_monitor.Database, "postgres");
        listener.Notification += (_, e) => told.Add(e.Payload);
        await listener.ExecuteAsync("listen state");

        await HoldAsync(_groups[0]);
        List<Task<CommitResult>> commits = [.. _groups.Select(g => CommitAsync(g))];
        await WaitsForALockAsync();
        await _holder.ExecuteAsync("rollback");

        (await Task.WhenAll(commits)).ShouldAllBe(r => r == CommitResult.Done);
        (await _superuser.RowsAsync("select count(*), count(distinct xmin::text) from pgautofailover.event")).ShouldBe(["6|2"]);
        (await _superuser.RowsAsync("select distinct candidatepriority from pgautofailover.node")).ShouldBe(["7"]);
        while (told.Count < 6)
        {
            await listener.WaitAsync(Token);
        }
    }

    [Fact]
    public async Task One_that_cannot_be_written_as_it_is_spoils_no_other()
    {
        await HoldAsync(_groups[0]);
        List<Task<CommitResult>> commits = [.. _groups.Select(g => CommitAsync(g, port: g == _groups[2] ? 6001 : null))];
        await WaitsForALockAsync();
        await _superuser.ExecuteAsync("update pgautofailover.node set candidatepriority = 50 where formationid = 'f4'");
        await _holder.ExecuteAsync("rollback");

        var results = await Task.WhenAll(commits);
        results[2].Refusal.ShouldNotBeNull().SqlState.ShouldBe("23505");
        results[3].ShouldBe(CommitResult.Conflict);
        results.Where((_, i) => i is not (2 or 3)).ShouldAllBe(r => r == CommitResult.Done);
        (await _superuser.RowsAsync("select candidatepriority from pgautofailover.node order by nodename")).ShouldBe(["7", "7", "100", "50", "7", "7"]);
        (await _superuser.RowsAsync("select count(*) from pgautofailover.event")).ShouldBe(["4"]);
    }

    [Fact]
    public async Task One_whose_rows_a_client_holds_lets_the_others_go_first()
    {
        await using var other = await postgres.ConnectAsync(_monitor.Database, "postgres");
        await other.ExecuteAsync("begin; select from pgautofailover.node where formationid = 'f6' for update");
        await HoldAsync(_groups[0]);
        List<Task<CommitResult>> commits = [.. _groups.Select(g => CommitAsync(g))];
        await WaitsForALockAsync();
        await _holder.ExecuteAsync("rollback");

        (await Task.WhenAll(commits[..5])).ShouldAllBe(r => r == CommitResult.Done);
        commits[5].IsCompleted.ShouldBeFalse();
        await other.ExecuteAsync("rollback");
        (await commits[5]).ShouldBe(CommitResult.Done);
    }

    [Fact]
    public async Task One_that_is_given_up_while_it_waits_is_not_written()
    {
        await HoldAsync(_groups[0]);
        using var leaving = new CancellationTokenSource();
        var first = CommitAsync(_groups[0]);
        var second = CommitAsync(_groups[1], cancellationToken: leaving.Token);
        var third = CommitAsync(_groups[2]);
        await WaitsForALockAsync();
        await leaving.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => second);
        await _holder.ExecuteAsync("rollback");

        (await Task.WhenAll(first, third)).ShouldAllBe(r => r == CommitResult.Done);
        (await _superuser.RowsAsync("select formationid from pgautofailover.event order by 1")).ShouldBe(["f1", "f3"]);
    }

    [Fact]
    public async Task Where_a_session_ends_only_what_it_worked_on_is_in_doubt()
    {
        await HoldAsync(_groups[0]);
        List<Task<CommitResult>> commits = [.. _groups.Select(g => CommitAsync(g))];
        await WaitsForALockAsync();
        await _superuser.ExecuteAsync($"select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name = '{MonitorDatabase.ApplicationName}'");

        await Should.ThrowAsync<StoreException>(() => commits[0]);
        (await Task.WhenAll(commits[1..])).ShouldAllBe(r => r == CommitResult.Done);
    }

    private Task HoldAsync(GroupView group) =>
        _holder.ExecuteAsync($"begin; select from pgautofailover.node where formationid = '{group.Formation.Id}' for update");

    private Task<List<string>> WaitsForALockAsync() => Eventually.SatisfiesAsync(
        () => _superuser.RowsAsync(
            $"select count(*) from pg_stat_activity where datname = current_database() and application_name = '{MonitorDatabase.ApplicationName}' and wait_event_type = 'Lock'"),
        rows => rows is ["1"]);

    private Task<CommitResult> CommitAsync(GroupView group, int? port = null, CancellationToken? cancellationToken = null)
    {
        var node = group.Nodes[0] with { CandidatePriority = 7, Port = port ?? group.Nodes[0].Port };
        return _store.CommitAsync(new(group, group with { Nodes = [node] }, [new("A test", [node])]), s_now, cancellationToken ?? Token);
    }
}
