using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Xunit;

namespace PgAutoFailover.Monitor.Tests.Server;

/// <summary>A monitor's service on a database of its own, and sessions with it.</summary>
internal sealed class RunningMonitor : IAsyncDisposable
{
    private readonly ThrowawayPostgres _postgres;
    private readonly List<NpgsqlConnection> _sessions = [];
    private CancellationTokenSource _stop = new();
    private Task _run = Task.CompletedTask;

    private RunningMonitor(ThrowawayPostgres postgres, string database) => (_postgres, Database) = (postgres, database);

    public string Database { get; }

    /// <summary>The one that runs.</summary>
    public MonitorService? Service { get; private set; }

    /// <summary>Starts a monitor. Health checks are off unless asked for: the nodes of most tests exist on paper only.</summary>
    public static async Task<RunningMonitor> StartAsync(ThrowawayPostgres postgres, bool healthChecks = false)
    {
        var monitor = new RunningMonitor(postgres, await postgres.CreateDatabaseAsync());
        await using (var superuser = await postgres.ConnectAsync("postgres"))
        {
            await superuser.ExecuteAsync($"alter database {monitor.Database} set pgautofailover.enable_health_checks = {(healthChecks ? "on" : "off")}");
        }

        await monitor.StartAsync();
        return monitor;
    }

    public async Task StartAsync()
    {
        _stop = new CancellationTokenSource();
        var options = new MonitorServiceOptions
        {
            SocketDirectory = _postgres.Root,
            PgPort = 5432,
            DbName = Database,
            SuperUser = "postgres",
            ServiceSocketDirectory = Path.Combine(_postgres.Root, Database),
        };
        var service = new MonitorService(options, NullLogger<MonitorService>.Instance, TimeProvider.System);
        Service = service;
        _run = service.RunAsync(_stop.Token);
        await await Task.WhenAny(service.Ready, _run);
    }

    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _run.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    /// <summary>A session as keepers have it.</summary>
    public async Task<NpgsqlConnection> ConnectAsync(string user = "autoctl_node")
    {
        var session = await _postgres.ConnectAsync(Database, user);
        _sessions.Add(session);
        return session;
    }

    /// <summary>Registers two nodes and has their keepers talk until they are primary and secondary.</summary>
    public async Task<Pair> PairAsync()
    {
        var first = new FakeKeeper(await ConnectAsync(), "a", 6001);
        var second = new FakeKeeper(await ConnectAsync(), "b", 6002);
        await first.RegisterAsync();
        await first.ReportAsync("single");
        await second.RegisterAsync();
        await second.ReportAsync("wait_standby");
        await first.ReportAsync("single");
        await first.ReportAsync("wait_primary");
        await second.ReportAsync("wait_standby");
        await second.ReportAsync("catchingup", evidence: Streaming(first));
        await second.ReportAsync("secondary", evidence: Streaming(first));
        await first.ReportAsync("wait_primary");
        await first.ReportAsync("primary");
        return new Pair(first, second);
    }

    /// <summary>Evidence of a standby that hears from its upstream.</summary>
    public static string Streaming(FakeKeeper upstream) =>
        $$$"""{"keeper":"test","walreceiver":{"streaming":true,"upstream":{{{upstream.NodeId}}},"last_message_age_ms":1}}""";

    public async ValueTask DisposeAsync()
    {
        foreach (var session in _sessions)
        {
            await session.DisposeAsync();
        }

        await StopAsync();
    }
}

/// <summary>Two nodes of group 0.</summary>
internal sealed record Pair(FakeKeeper Primary, FakeKeeper Secondary);

/// <summary>The monitor's side of a keeper: what it says, nothing of what it does.</summary>
internal sealed class FakeKeeper(NpgsqlConnection session, string name, int port)
{
    public long NodeId { get; set; }

    public string Name => name;

    public NpgsqlConnection Session => session;

    public async Task<string> RegisterAsync(string more = "")
    {
        var row = (await session.RowsAsync(
            $"select assigned_node_id, assigned_group_state from pgautofailover.register_node('default', '127.0.0.1', {port}, 'postgres', '{name}', sysidentifier => 7{more})"))[0];
        NodeId = long.Parse(row.Split('|')[0]);
        return row.Split('|')[1];
    }

    /// <summary>One heartbeat; returns the goal. A primary says that it has the <c>synchronous_standby_names</c> that the monitor gives out.</summary>
    public async Task<string> ReportAsync(string state, bool pgIsRunning = true, string evidence = """{"keeper":"test"}""", string lsn = "0/3000000")
    {
        if (state == "primary" && evidence == """{"keeper":"test"}""")
        {
            var names = (await session.RowsAsync("select pgautofailover.synchronous_standby_names()"))[0];
            evidence = $$"""{"keeper":"test","synchronous_standby_names":"{{names}}"}""";
        }

        var rows = await session.RowsAsync(
            $"""
            select assigned_group_state from pgautofailover.node_active(
                'default', {NodeId}, 0, '{state}', {pgIsRunning}, 1, '{lsn}', 'async', '{evidence}')
            """);
        return rows[0];
    }
}

/// <summary>Waiting for what must come to pass.</summary>
internal static class Eventually
{
    /// <summary>Asks again and again until the answer satisfies; the last answer is in the failure.</summary>
    public static async Task<T> SatisfiesAsync<T>(Func<Task<T>> ask, Func<T, bool> satisfied, int withinSeconds = 20)
    {
        var time = TimeProvider.System;
        var begin = time.GetTimestamp();
        while (true)
        {
            var answer = await ask();
            if (satisfied(answer))
            {
                return answer;
            }

            if (time.GetElapsedTime(begin) > TimeSpan.FromSeconds(withinSeconds))
            {
                Assert.Fail($"still {answer} after {withinSeconds} s");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), time, TestContext.Current.CancellationToken);
        }
    }
}
