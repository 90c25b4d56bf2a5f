using System.Text.Json;
using Npgsql;
using PgAutoFailover.Core.Operations;
using PgAutoFailover.Monitor.Schema;
using PgAutoFailover.Monitor.Service;
using PgAutoFailover.Monitor.Tests.Server;
using Shouldly;
using Xunit;

namespace PgAutoFailover.Monitor.Tests.Service;

/// <summary>From a SQL session through PostgreSQL, dblink and the socket to a handler, and back.</summary>
public sealed class StubTests(ThrowawayPostgres postgres) : IAsyncLifetime
{
    private const string Heartbeat = "select * from pgautofailover.node_active('default', 7, 0, 'secondary', true, 2, '0/3000110', 'sync', '{\"keeper\": \"x\"}')";
    private const string Assigned =
        """{"result":{"assigned_node_id":7,"assigned_group_id":0,"assigned_group_state":"catchingup","assigned_candidate_priority":50,"assigned_replication_quorum":true}}""";

    private readonly FakeRequests _requests = new();
    private ServiceAddress _address = null!; // by InitializeAsync
    private string _database = null!; // by InitializeAsync
    private NpgsqlConnection _session = null!; // by InitializeAsync

    public async ValueTask InitializeAsync()
    {
        _database = await postgres.CreateDatabaseAsync();
        _address = new ServiceAddress(Path.Combine(postgres.Root, _database));
        await using (var superuser = await postgres.ConnectAsync(_database))
        {
            await SchemaInstaller.InstallAsync(superuser, _address, TestContext.Current.CancellationToken);
        }

        _session = await postgres.ConnectAsync(_database, "autoctl_node");
    }

    public async ValueTask DisposeAsync() => await _session.DisposeAsync();

    [Fact]
    public async Task A_heartbeat_reaches_the_service_with_all_its_arguments_and_comes_back_typed()
    {
        await using var service = new RunningSocket(_address, _requests);
        _requests.AnswerWith(Assigned);

        (await _session.RowsAsync(Heartbeat)).ShouldBe(["7|0|catchingup|50|t"]);

        _requests.Asked.TryDequeue(out var asked).ShouldBeTrue();
        var request = asked.Request;
        request.GetProperty("fn").GetString().ShouldBe("node_active");
        request.GetProperty("user").GetString().ShouldBe("autoctl_node");
        request.GetProperty("pid").GetInt32().ShouldBe(_session.ProcessID);
        JsonSerializer.Serialize(request.GetProperty("args")).ShouldBe(
            """{"formation_id":"default","node_id":7,"group_id":0,"current_group_role":"secondary","current_pg_is_running":true,"current_tli":2,"current_lsn":"0/3000110","current_rep_state":"sync","current_evidence":{"keeper":"x"}}""");
    }

    [Theory]
    [InlineData("select pgautofailover.perform_failover()", """{"formation_id":"default","group_id":0}""", "null", "")]
    [InlineData("select pgautofailover.perform_promotion('default', 'a')", """{"formation_id":"default","node_name":"a"}""", "false", "f")]
    [InlineData("select pgautofailover.start_maintenance(1)", """{"node_id":1}""", "true", "t")]
    [InlineData("select pgautofailover.stop_maintenance(1)", """{"node_id":1}""", "true", "t")]
    [InlineData("select pgautofailover.remove_node(1)", """{"node_id":1,"force":false}""", "true", "t")]
    [InlineData("select pgautofailover.remove_node('h', 6000, true)", """{"node_host":"h","node_port":6000,"force":true}""", "true", "t")]
    [InlineData("select pgautofailover.set_node_candidate_priority('f', 'a', 50)", """{"formation_id":"f","node_name":"a","candidate_priority":50}""", "true", "t")]
    [InlineData("select pgautofailover.set_node_replication_quorum('f', 'a', false)", """{"formation_id":"f","node_name":"a","replication_quorum":false}""", "true", "t")]
    [InlineData("select pgautofailover.set_formation_number_sync_standbys('f', 1)", """{"formation_id":"f","number_sync_standbys":1}""", "true", "t")]
    [InlineData("select pgautofailover.drop_formation('f')", """{"formation_id":"f"}""", "null", "")]
    [InlineData("select pgautofailover.enable_secondary('f')", """{"formation_id":"f"}""", "false", "f")]
    [InlineData("select pgautofailover.disable_secondary('f')", """{"formation_id":"f"}""", "false", "f")]
    [InlineData("select pgautofailover.update_node_metadata(1, null, 'h', null)", """{"node_id":1,"node_name":null,"node_host":"h","node_port":null}""", "true", "t")]
    [InlineData("select pgautofailover.set_client_address(1, 'h', null)", """{"node_id":1,"client_host":"h","client_port":null}""", "true", "t")]
    [InlineData(
        "select * from pgautofailover.set_node_system_identifier(1, 7000000000000000000)",
        """{"node_id":1,"node_sysidentifier":7000000000000000000}""",
        """{"node_id":1,"node_name":"a","node_host":"h","node_port":5432}""", "1|a|h|5432")]
    [InlineData(
        "select * from pgautofailover.set_group_system_identifier(0, 7)", """{"group_id":0,"node_sysidentifier":7}""",
        """[{"node_id":1,"node_name":"a","node_host":"h","node_port":5432},{"node_id":2,"node_name":"b","node_host":"h","node_port":5433}]""", "1|a|h|5432;2|b|h|5433")]
    [InlineData(
        "select * from pgautofailover.create_formation('f', 'pgsql', 'db', true, 0)",
        """{"formation_id":"f","kind":"pgsql","dbname":"db","opt_secondary":true,"number_sync_standbys":0}""",
        """{"formation_id":"f","kind":"pgsql","dbname":"db","opt_secondary":true,"number_sync_standbys":0}""", "f|pgsql|db|t|0")]
    [InlineData(
        "select * from pgautofailover.register_node('default', 'h', 5432, 'db')",
        """{"formation_id":"default","node_host":"h","node_port":5432,"dbname":"db","node_name":"","sysidentifier":0,"desired_node_id":-1,"desired_group_id":-1,"initial_group_role":"init","node_kind":"standalone","candidate_priority":100,"replication_quorum":true,"node_cluster":"default","registration":""}""",
        """{"assigned_node_id":1,"assigned_group_id":0,"assigned_group_state":"single","assigned_candidate_priority":100,"assigned_replication_quorum":true,"assigned_node_name":"node_1"}""",
        "1|0|single|100|t|node_1")]
    public async Task Each_function_hands_its_arguments_over_and_returns_the_result(string sql, string args, string result, string rows)
    {
        await using var service = new RunningSocket(_address, _requests);
        _requests.AnswerWith($$"""{"result":{{result}}}""");

        string.Join(';', await _session.RowsAsync(sql)).ShouldBe(rows);

        JsonSerializer.Serialize(_requests.Asked.ShouldHaveSingleItem().Request.GetProperty("args")).ShouldBe(args);
    }

    [Fact]
    public async Task A_null_argument_gives_null_without_asking()
    {
        await using var service = new RunningSocket(_address, _requests);

        (await _session.RowsAsync("select * from pgautofailover.node_active(null, 1, 0)")).ShouldBe(["||||"]);
        (await _session.RowsAsync("select pgautofailover.start_maintenance(null)")).ShouldBe([""]);

        _requests.Asked.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("select pgautofailover.perform_failover()")]
    [InlineData(Heartbeat)]
    public async Task An_error_of_the_service_keeps_its_fields(string sql)
    {
        await using var service = new RunningSocket(_address, _requests);
        _requests.Answer = (_, _) => Task.FromResult(ServiceReply.Refused(new ApiError("55000", "größtes Unglück", "why", "what to do")));

        var error = await _session.ErrorAsync(sql);

        error.ShouldSatisfyAllConditions(
            () => error.SqlState.ShouldBe("55000"),
            () => error.MessageText.ShouldBe("größtes Unglück"),
            () => error.Detail.ShouldBe("why"),
            () => error.Hint.ShouldBe("what to do"));
        _requests.Asked.Count.ShouldBe(1);
    }

    [Fact]
    public async Task An_internal_error_of_the_service_is_not_taken_for_a_broken_connection()
    {
        await using var service = new RunningSocket(_address, _requests);
        _requests.Answer = (_, _) => throw new InvalidOperationException("a bug");

        (await _session.ErrorAsync(Heartbeat)).SqlState.ShouldBe("XX000");

        _requests.Asked.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Remarks_of_the_service_become_notices_of_the_session()
    {
        await using var service = new RunningSocket(_address, _requests);
        _requests.AnswerWith(
            """
            {"result":false,"notices":[{"severity":"WARNING","sqlstate":"55000","message":"m","detail":"d","hint":"h"},{"severity":"NOTICE","sqlstate":"00000","message":"n"},
             {"severity":"WARNING","sqlstate":"01000","message":"m","hint":"h"},{"severity":"NOTICE","sqlstate":"00000","message":"n","detail":"d"}]}
            """);
        var notices = new List<PostgresNotice>();
        _session.Notice += (_, e) => notices.Add(e.Notice);

        (await _session.RowsAsync("select pgautofailover.start_maintenance(1)")).ShouldBe(["f"]);

        notices.ConvertAll(n => $"{n.Severity} {n.SqlState} {n.MessageText} {n.Detail} {n.Hint}")
            .ShouldBe(["WARNING 55000 m d h", "NOTICE 00000 n  ", "WARNING 01000 m  h", "NOTICE 00000 n d "]);
    }

    [Fact]
    public async Task A_session_keeps_one_connection_and_its_end_is_told()
    {
        await using var service = new RunningSocket(_address, _requests);
        _requests.AnswerWith(Assigned);
        await _session.RowsAsync(Heartbeat);
        await _session.RowsAsync(Heartbeat);
        await _session.RowsAsync("select pgautofailover.start_maintenance(null), pgautofailover.perform_failover()");
        var connection = _requests.Asked.Select(a => a.Connection).Distinct().ShouldHaveSingleItem();
        var closed = _requests.ClosedAsync(connection);
        closed.IsCompleted.ShouldBeFalse();

        await using (var superuser = await postgres.ConnectAsync(_database))
        {
            await superuser.ExecuteAsync($"select pg_terminate_backend({_session.ProcessID})");
        }

        await closed.WaitAsync(TimeSpan.FromSeconds(20), TimeProvider.System, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_session_survives_a_restart_of_the_service()
    {
        _requests.AnswerWith(Assigned);
        await using (new RunningSocket(_address, _requests))
        {
            await _session.RowsAsync(Heartbeat);
        }

        var error = await _session.ErrorAsync(Heartbeat);
        error.SqlState.ShouldBe("08006");
        error.MessageText.ShouldBe("the service of the monitor is not running");
        error.Hint.ShouldNotBeNull().ShouldContain("pg_autoctl run");
        (await _session.ErrorAsync("select pgautofailover.perform_failover()")).SqlState.ShouldBe("08006");

        await using (new RunningSocket(_address, _requests))
        {
            (await _session.RowsAsync(Heartbeat)).ShouldBe(["7|0|catchingup|50|t"]);
        }

        await using (new RunningSocket(_address, _requests))
        {
            await _session.RowsAsync(Heartbeat);
        }

        await using (new RunningSocket(_address, _requests))
        {
            await _session.RowsAsync("select pgautofailover.perform_failover()");
            _requests.Asked.Count.ShouldBe(4);
        }
    }

    [Fact]
    public async Task A_command_whose_answer_is_lost_is_not_sent_again()
    {
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _requests.Answer = async (_, cancellationToken) =>
        {
            asked.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
            return ServiceReply.Success("{}");
        };
        var service = new RunningSocket(_address, _requests);
        var command = _session.ErrorAsync("select pgautofailover.perform_failover()");
        await asked.Task;
        await service.DisposeAsync();

        (await command).SqlState.ShouldBe("08007");
        _requests.Asked.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_read_only_transaction_cannot_change_anything()
    {
        await using var service = new RunningSocket(_address, _requests);
        await _session.ExecuteAsync("set default_transaction_read_only = on");

        (await _session.ErrorAsync("select pgautofailover.perform_failover()")).SqlState.ShouldBe("25006");

        _requests.Asked.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_question_changes_nothing_and_is_answered_in_a_read_only_transaction()
    {
        await using var service = new RunningSocket(_address, _requests);
        _requests.AnswerWith("""{"result":{"group":0}}""");
        await _session.ExecuteAsync("set default_transaction_read_only = on");

        (await _session.RowsAsync("select pgautofailover.explain(if_lost => 'node1')")).ShouldBe(["{\"group\": 0}"]);

        _requests.Asked.ShouldHaveSingleItem().Request.GetProperty("args").GetProperty("if_lost").GetString().ShouldBe("node1");
    }

    [Fact]
    public async Task Sessions_are_answered_side_by_side()
    {
        await using var service = new RunningSocket(_address, _requests);
        var both = new CountdownEvent(2);
        _requests.Answer = async (_, cancellationToken) =>
        {
            both.Signal();
            await Task.Run(() => both.Wait(cancellationToken), cancellationToken);
            return ServiceReply.Success("""{"result":true}""");
        };
        await using var other = await postgres.ConnectAsync(_database, "autoctl_node");

        var rows = await Task.WhenAll(
            _session.RowsAsync("select pgautofailover.start_maintenance(1)"), other.RowsAsync("select pgautofailover.start_maintenance(2)"));

        rows.ShouldAllBe(r => r[0] == "t");
        both.Dispose();
    }
}
