using System.Text.Json;
using Npgsql;
using PgAutoFailover.Core.Messages;
using PgAutoFailover.Monitor.Tests.Server;
using Shouldly;
using Xunit;

namespace PgAutoFailover.Monitor.Tests.Hooks;

/// <summary>Nodes that have a say in planned changes, and callers who are told what they said.</summary>
public sealed class PlannedChangeTests(ThrowawayPostgres postgres) : IAsyncLifetime
{
    private RunningMonitor? _monitor;
    private Pair? _pair;
    private NpgsqlConnection? _caller;
    private NpgsqlConnection? _listener;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private RunningMonitor Monitor => _monitor!; // set by InitializeAsync, as those below

    private FakeKeeper Primary => _pair!.Primary;

    private FakeKeeper Secondary => _pair!.Secondary;

    private NpgsqlConnection Caller => _caller!;

    public async ValueTask InitializeAsync()
    {
        _monitor = await RunningMonitor.StartAsync(postgres);
        _pair = await _monitor.PairAsync();
        _caller = await _monitor.ConnectAsync();
        _listener = await _monitor.ConnectAsync();
        await _listener.ExecuteAsync($"listen {HookQuestion.Channel}");
    }

    public async ValueTask DisposeAsync() => await Monitor.DisposeAsync();

    [Fact]
    public async Task A_switchover_is_made_when_all_who_have_a_say_have_agreed_and_the_group_goes_on_meanwhile()
    {
        await HaveSayAsync(Primary, Secondary);
        var call = CallAsync("select pgautofailover.perform_failover()");
        var question = await AskedAsync(call);

        question.Nodes.ShouldBe([Primary.NodeId, Secondary.NodeId]);
        (question.Operation, question.Target, question.Primary).ShouldBe(("failover", null, new HookNode(Primary.NodeId, "a", "127.0.0.1", 6001)));
        (await AnswerAsync(question, Secondary, agrees: true)).ShouldBe("t");
        (await Secondary.ReportAsync("secondary", evidence: Evidence(Secondary))).ShouldBe("secondary");
        (await Primary.ReportAsync("primary", evidence: Evidence(Primary))).ShouldBe("primary");
        call.IsCompleted.ShouldBeFalse();
        (await AnswerAsync(question, Primary, agrees: true)).ShouldBe("t");
        (await call).ShouldBeNull();
        (await Primary.ReportAsync("primary", evidence: Evidence(Primary))).ShouldBe("draining");
        (await AnswerAsync(question, Primary, agrees: true)).ShouldBe("f", "nobody waits for it any more");
    }

    [Fact]
    public async Task A_refusal_changes_nothing_and_names_the_node_and_its_words()
    {
        await HaveSayAsync(Secondary);

        // A question is repeated until it is answered, so that the one before may be heard once more.
        long answered = 0;
        foreach (var (sql, operation) in new[]
        {
            ("select pgautofailover.perform_failover()", "failover"),
            ("select pgautofailover.perform_promotion('default', 'b')", "promotion"),
            ($"select pgautofailover.start_maintenance({Secondary.NodeId})", "start_maintenance"),
            ($"select pgautofailover.start_maintenance({Primary.NodeId})", "start_maintenance"),
        })
        {
            var call = CallAsync(sql);
            var question = await AskedAsync(call, after: answered);
            answered = question.Id;
            question.Operation.ShouldBe(operation);
            await AnswerAsync(question, Secondary, agrees: false, words: "it ended with exit code 1: a backup is under way\n\u0007");
            var error = (await call).ShouldNotBeNull();
            error.SqlState.ShouldBe("38000");
            error.MessageText.ShouldBe($"no {operation}: hook before_change of node {Secondary.NodeId} \"b\" (127.0.0.1:6002) refuses it");
            error.Detail.ShouldNotBeNull().ShouldStartWith("It ended with exit code 1: a backup is under way");
            error.Detail.ShouldNotContain("\n");
            error.Hint.ShouldNotBeNull().ShouldContain("--skip-hooks");
        }

        (await Primary.ReportAsync("primary", evidence: Evidence())).ShouldBe("primary");
    }

    [Fact]
    public async Task What_would_be_refused_anyway_or_has_nothing_to_change_is_not_asked_about()
    {
        await HaveSayAsync(Secondary);
        (await CallAsync("select pgautofailover.perform_promotion('default', 'a')")).ShouldBeNull("it is the primary");
        (await CallAsync("select pgautofailover.perform_promotion('default', 'c')")).ShouldNotBeNull().SqlState.ShouldBe("42704");
        await Secondary.ReportAsync("catchingup", evidence: Evidence(Secondary));
        (await CallAsync("select pgautofailover.perform_failover()")).ShouldNotBeNull().SqlState.ShouldNotBe("38000");
        Heard.ShouldBeEmpty();
    }

    [Fact]
    public async Task Silence_is_no_agreement()
    {
        await HaveSayAsync(Secondary);
        var call = CallAsync("select pgautofailover.perform_failover()");
        await AskedAsync(call);
        var error = (await call).ShouldNotBeNull();
        error.SqlState.ShouldBe("38000");
        error.Detail.ShouldBe("There was no answer within 6 s");
        (await Primary.ReportAsync("primary", evidence: Evidence())).ShouldBe("primary");
    }

    [Fact]
    public async Task A_failure_is_dealt_with_while_hooks_are_asked_and_then_what_was_planned_is_not_made()
    {
        await HaveSayAsync(Secondary);
        var call = CallAsync("select pgautofailover.perform_failover()");
        var question = await AskedAsync(call);

        // The rules have put another goal in place of what was judged before.
        await CallOnAsync(Primary.Session, $"set pgautofailover.skip_hooks to on; select pgautofailover.start_maintenance({Secondary.NodeId})");
        (await Primary.ReportAsync("primary", evidence: Evidence())).ShouldBe("wait_primary");
        await AnswerAsync(question, Secondary, agrees: true);
        (await call).ShouldNotBeNull().SqlState.ShouldNotBe("38000");
        (await Primary.ReportAsync("wait_primary", evidence: Evidence())).ShouldBe("wait_primary");
    }

    [Fact]
    public async Task Hooks_are_left_out_where_a_user_says_so_and_an_event_tells_of_it()
    {
        await HaveSayAsync(Primary, Secondary);
        (await CallAsync("set pgautofailover.skip_hooks to on; select pgautofailover.perform_failover()")).ShouldBeNull();
        (await Primary.ReportAsync("primary", evidence: Evidence(Primary))).ShouldBe("draining");
        (await Caller.RowsAsync("select description from pgautofailover.last_events(20) where description like 'Hook before_change of node % and node % is left out for a failover%'"))
            .Count.ShouldBe(2);
        Heard.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_primary_that_is_not_well_is_left_without_asking_anybody()
    {
        await HaveSayAsync(Primary, Secondary);
        await Primary.ReportAsync("primary", pgIsRunning: false, evidence: Evidence(Primary));
        await CallAsync("select pgautofailover.perform_failover()");
        Heard.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_caller_that_gives_up_leaves_nothing_behind_and_another_one_waits_for_its_turn()
    {
        await HaveSayAsync(Secondary);
        using var cancel = new CancellationTokenSource();
        await using var command = new NpgsqlCommand("select pgautofailover.perform_failover()", Caller);
        var call = command.ExecuteScalarAsync(cancel.Token);
        var question = await AskedAsync(call);
        (await CallOnAsync(Primary.Session, "select pgautofailover.perform_failover()")).ShouldNotBeNull().SqlState.ShouldBe("55006");

        await cancel.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => call);

        // The driver may have given up waiting for the server, which is still at it.
        await Eventually.SatisfiesAsync(
            () => Primary.Session.RowsAsync(
                "select count(*) from pg_stat_activity where query like '%perform_failover%' and state = 'active' and pid <> pg_backend_pid()"),
            active => active is ["0"]);
        await AnswerAsync(question, Secondary, agrees: true);
        (await Primary.ReportAsync("primary", evidence: Evidence())).ShouldBe("primary");

        // The same session asks again, and is answered.
        var again = CallAsync("select pgautofailover.perform_failover()");
        await AnswerAsync(await AskedAsync(again, after: question.Id), Secondary, agrees: true);
        (await again).ShouldBeNull();
        (await Primary.ReportAsync("primary", evidence: Evidence())).ShouldBe("draining");
    }

    [Fact]
    public async Task An_agreement_changes_nothing_before_its_caller_has_asked_again()
    {
        await HaveSayAsync(Secondary);
        var superuser = await SuperuserAsync();

        // One request, as PostgreSQL leaves it behind where its query is cancelled: the service works on it to its end.
        var request = RequestAsync(superuser, Failover(pid: 7));
        var question = await AskedAsync(request);
        (await AnswerAsync(question, Secondary, agrees: true)).ShouldBe("t");
        (await request).ShouldContain("pending");
        (await Primary.ReportAsync("primary", evidence: Evidence())).ShouldBe("primary");

        await RequestAsync(superuser, $$$"""{"fn":"await_planned_change","args":{"id":{{{question.Id}}}}}""");
        (await Primary.ReportAsync("primary", evidence: Evidence())).ShouldBe("draining");
    }

    [Fact]
    public async Task A_caller_that_lost_its_connection_asks_again_at_once_and_another_one_when_it_has_left()
    {
        await HaveSayAsync(Secondary);
        NpgsqlConnection first = await SuperuserAsync(), second = await SuperuserAsync();
        var left = await PendingAsync(first, pid: 7, after: 0);

        (await Should.ThrowAsync<PostgresException>(() => RequestAsync(second, Failover(pid: 8)))).SqlState.ShouldBe("55006");
        var again = await PendingAsync(second, pid: 7, after: left);
        await second.ExecuteAsync("select pgautofailover_private.dblink_disconnect('pgautofailover')");
        await Eventually.SatisfiesAsync(() => CallOnAsync(first, $"select from ({Dblink(Failover(pid: 8))}) as t"), error => error is null, withinSeconds: 4);
        (await AskedAsync(Task.Delay(Timeout.Infinite, Token), after: again)).Operation.ShouldBe("failover");
    }

    [Fact]
    public async Task A_setting_that_makes_no_sense_is_refused_where_it_counts_and_stops_no_heartbeat()
    {
        await Primary.Session.ExecuteAsync("set pgautofailover.skip_hooks to 'perhaps'");
        (await Primary.ReportAsync("primary")).ShouldBe("primary");
        (await CallOnAsync(Primary.Session, "select pgautofailover.perform_failover()")).ShouldNotBeNull().SqlState.ShouldBe("22P02");
    }

    private List<HookQuestion> Heard { get; } = [];

    private static string Evidence(FakeKeeper? hooked = null) => hooked is null ? """{"keeper":"test"}""" : """{"keeper":"test","before_change_seconds":1}""";

    private static async Task<PostgresException?> CallOnAsync(NpgsqlConnection session, string sql)
    {
        try
        {
            await session.ExecuteAsync(sql);
            return null;
        }
        catch (PostgresException e)
        {
            return e;
        }
    }

    private static string Failover(int pid) => $$$"""{"fn":"perform_failover","args":{"formation_id":"default","group_id":0},"pid":{{{pid}}}}""";

    private static string Dblink(string request) => $"select t.reply from pgautofailover_private.dblink('pgautofailover', '{request}') as t (reply jsonb)";

    /// <summary>One request to the service, as the functions of the SQL API send it.</summary>
    private static async Task<string> RequestAsync(NpgsqlConnection superuser, string request) => (await superuser.RowsAsync(Dblink(request)))[0];

    private async Task<long> PendingAsync(NpgsqlConnection superuser, int pid, long after)
    {
        var request = RequestAsync(superuser, Failover(pid));
        var question = await AskedAsync(request, after);
        (await request).ShouldContain("pending");
        return question.Id;
    }

    private async Task<NpgsqlConnection> SuperuserAsync()
    {
        var superuser = await Monitor.ConnectAsync("postgres");
        await superuser.ExecuteAsync("select pgautofailover_private.reconnect()");
        return superuser;
    }

    private Task<PostgresException?> CallAsync(string sql) => CallOnAsync(Caller, sql);

    private async Task HaveSayAsync(params FakeKeeper[] keepers)
    {
        _listener!.Notification += (_, e) => Heard.Add(JsonSerializer.Deserialize<HookQuestion>(e.Payload)!);
        foreach (var keeper in keepers)
        {
            await keeper.ReportAsync(keeper == Primary ? "primary" : "secondary", evidence: Evidence(keeper));
        }
    }

    /// <summary>Waits for a question, or for the end of the call that should have led to it.</summary>
    private async Task<HookQuestion> AskedAsync(Task call, long after = 0)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(Token);
        _ = call.ContinueWith(_ => ended.Cancel(), TaskScheduler.Default);
        Heard.Clear();
        while (Heard.LastOrDefault() is not { } question || question.Id <= after)
        {
            try
            {
                await _listener!.WaitAsync(ended.Token);
            }
            catch (OperationCanceledException) when (call.IsCompleted)
            {
                await call; // its own error says more
                Assert.Fail($"nobody was asked: {(call is Task<PostgresException?> { Result: { } error } ? error.ToString() : "")}");
            }
        }

        return Heard[^1];
    }

    private static async Task<string> AnswerAsync(HookQuestion question, FakeKeeper keeper, bool agrees, string words = "it ended with exit code 0")
    {
        await using var command = new NpgsqlCommand("select pgautofailover.answer_before_change($1, $2, $3, $4)", keeper.Session)
        {
            Parameters = { new() { Value = question.Id }, new() { Value = keeper.NodeId }, new() { Value = agrees }, new() { Value = words } },
        };
        return await command.ExecuteScalarAsync(Token) is true ? "t" : "f";
    }
}
