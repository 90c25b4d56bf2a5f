using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using PgAutoFailover.Postgres.Control;
using PgAutoFailover.Postgres.Native;
using PgAutoFailover.Postgres.Postmasters;
using PgAutoFailover.Postgres.Server;
using PgAutoFailover.Postgres.Tests.Instances;
using Shouldly;
using Xunit;

namespace PgAutoFailover.Postgres.Tests.Postmasters;

public sealed class SupervisionTests : PostgresTest
{
    [Fact]
    public async Task A_killed_postmaster_is_back_within_moments_and_its_death_wakes_who_waits()
    {
        var instance = await KeepAsync(TestInstance.PrimaryAsync(Root, 1, Token));
        await instance.Server.WaitForChangeAsync(Token); // the start
        var (before, start) = (instance.PostmasterPid, Stopwatch.GetTimestamp());
        var change = instance.Server.WaitForChangeAsync(Token);

        _ = Libc.Kill(before, Libc.SigKill);

        await change.WaitAsync(TimeSpan.FromSeconds(10), Token);
        await instance.WaitUntilAsync(o => o.IsReady && instance.PostmasterPid != before, Token);
        TestContext.Current.TestOutputHelper?.WriteLine($"back after {Stopwatch.GetElapsedTime(start).TotalMilliseconds:0} ms");
        Stopwatch.GetElapsedTime(start).ShouldBeLessThan(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task One_that_comes_up_and_dies_at_once_again_and_again_is_started_after_growing_pauses()
    {
        var instance = await KeepAsync(TestInstance.PrimaryAsync(Root, 1, Token));
        var down = new List<TimeSpan>();
        for (var death = 1; death <= 4; death++)
        {
            var (before, start) = (instance.PostmasterPid, Stopwatch.GetTimestamp());
            _ = Libc.Kill(before, Libc.SigKill);
            await instance.WaitUntilAsync(o => o.IsReady && instance.PostmasterPid != before, Token);
            down.Add(Stopwatch.GetElapsedTime(start));
        }

        TestContext.Current.TestOutputHelper?.WriteLine(string.Join(", ", down));
        down[1].ShouldBeGreaterThan(TimeSpan.FromMilliseconds(300));
        down[2].ShouldBeGreaterThan(TimeSpan.FromMilliseconds(900));
        down[3].ShouldBeInRange(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task A_backend_that_outlives_the_killed_postmaster_does_not_keep_it_from_coming_back()
    {
        var instance = await KeepAsync(TestInstance.PrimaryAsync(Root, 1, Token));
        await using var session = new Npgsql.NpgsqlConnection(instance.Server.LocalConnectionString("postgres"));
        await session.OpenAsync(Token);
        _ = Libc.Kill(session.ProcessID, 19); // SIGSTOP: it cannot notice anything
        var before = instance.PostmasterPid;

        _ = Libc.Kill(before, Libc.SigKill);

        await instance.WaitUntilAsync(o => o.IsReady && instance.PostmasterPid != before, Token);
        instance.Log.ShouldContain("outlived their postmaster");
    }

    [Fact]
    public async Task Without_its_control_file_it_fails_for_a_stated_reason_and_comes_back_once_that_is_gone()
    {
        var instance = await KeepAsync(TestInstance.PrimaryAsync(Root, 1, Token));
        var control = ControlFile.PathIn(instance.Options.PgData);
        File.Move(control, control + ".away");

        _ = Libc.Kill(instance.PostmasterPid, Libc.SigKill);

        var failed = await instance.WaitUntilAsync(o => o.Phase == PostgresPhase.Failed, Token);
        failed.Problem.ShouldNotBeNull().ShouldContain("pg_control");
        failed.RestartAttempts.ShouldBe(instance.Options.RestartFailureMaxRetries);
        File.Move(control + ".away", control);
        await instance.Server.StartAsync(Token);
        (await instance.WaitUntilAsync(o => o.IsReady, Token)).RestartAttempts.ShouldBe(0);
    }

    [Fact]
    public async Task A_port_that_is_taken_is_named_as_the_reason()
    {
        var instance = Keep(TestInstance.Create(Root, 1));
        await ClusterTemplate.CopyAsync(instance.Options.PgData, Token);
        await instance.Server.WriteSettingsAsync(Token);
        using var taken = new TcpListener(IPAddress.Loopback, instance.Options.Port);
        taken.Start();

        var error = await Should.ThrowAsync<PostgresException>(() => instance.Server.StartAsync(Token));

        error.Message.ShouldContain("the port is taken");
        error.Hint.ShouldNotBeNull();
    }

    [Fact]
    public async Task An_error_in_a_configuration_file_is_named_as_the_reason()
    {
        var instance = Keep(TestInstance.Create(Root, 1));
        await ClusterTemplate.CopyAsync(instance.Options.PgData, Token);
        await File.AppendAllTextAsync(Path.Combine(instance.Options.PgData, "postgresql.conf"), "no_such_setting = 1\n", Token);

        var error = await Should.ThrowAsync<PostgresException>(() => instance.Server.StartAsync(Token));

        error.Message.ShouldContain("no_such_setting");
    }

    [Fact]
    public async Task A_new_life_adopts_the_running_postmaster_and_sees_its_death()
    {
        var instance = await KeepAsync(TestInstance.PrimaryAsync(Root, 1, Token));
        var before = instance.PostmasterPid;
        await instance.BeginNewLifeAsync();
        instance.Server.IsRunning.ShouldBeTrue();

        await instance.Server.StartAsync(Token);

        instance.PostmasterPid.ShouldBe(before);
        instance.Log.ShouldContain("already runs");
        _ = Libc.Kill(before, Libc.SigKill);
        await instance.WaitUntilAsync(o => o.IsReady && instance.PostmasterPid != before, Token);
    }

    [Fact]
    public async Task A_stale_pid_file_that_names_another_process_confuses_nobody()
    {
        var instance = await KeepAsync(TestInstance.PrimaryAsync(Root, 1, Token));
        await instance.LoseHostAsync(Token);
        instance.Server.IsRunning.ShouldBeFalse();

        await instance.Server.StartAsync(Token);

        (await instance.Server.ObserveAsync(Token)).IsReady.ShouldBeTrue();
    }

    [Fact]
    public async Task A_stopped_or_released_server_stays_down()
    {
        var instance = await KeepAsync(TestInstance.PrimaryAsync(Root, 1, Token));
        await instance.Server.ReleaseAsync(Token);

        _ = Libc.Kill(instance.PostmasterPid, Libc.SigQuit);

        await instance.WaitUntilAsync(o => o.Phase == PostgresPhase.Down, Token);
        await instance.Server.StartAsync(Token);
        await instance.Server.StopAsync(StopMode.Smart, Token);
        (await instance.Server.ObserveAsync(Token)).Phase.ShouldBe(PostgresPhase.Down);
        (await instance.Server.ReadControlDataAsync(Token)).State.ShouldBe("shut down");
    }

    [Fact]
    public async Task A_large_last_checkpoint_is_waited_for_where_only_the_operator_waits_too()
    {
        var instance = await KeepAsync(TestInstance.PrimaryAsync(Root, 1, Token));
        var checkpointer = int.Parse(await instance.QueryAsync("select pid from pg_stat_activity where backend_type = 'checkpointer'", Token));
        var postmaster = Postmaster.Find(instance.Options.PgData).ShouldNotBeNull();
        await instance.Server.ReleaseAsync(Token);
        _ = Libc.Kill(checkpointer, 19); // SIGSTOP: a checkpoint that takes its time
        var time = new HurriedTime(100);
        var start = time.GetTimestamp();

        var stop = new StopSequence(NullLogger.Instance, time).RunAsync(postmaster, instance.Options.PgData, StopMode.Patient, Token);
        await Task.Delay(TimeSpan.FromMinutes(3), time, Token);

        time.GetElapsedTime(start).ShouldBeGreaterThan(TimeSpan.FromMinutes(2));
        stop.IsCompleted.ShouldBeFalse("a fast stop would have become an immediate one after a minute");
        _ = Libc.Kill(checkpointer, 18); // SIGCONT
        await stop;
        ControlFile.ReadState(instance.Options.PgData).ShouldBe(ClusterState.ShutDown);
    }

    [Fact]
    public async Task A_server_that_hangs_is_reported_as_not_answering_within_the_limit()
    {
        var instance = await KeepAsync(TestInstance.PrimaryAsync(Root, 1, Token));
        await instance.WaitUntilAsync(o => o.IsReady, Token);
        var pid = int.Parse(await instance.QueryAsync("select pid from pg_stat_activity where query like '%pg_stat_wal_receiver%' limit 1", Token));
        _ = Libc.Kill(pid, 19); // SIGSTOP
        var start = Stopwatch.GetTimestamp();

        var seen = await instance.Server.ObserveAsync(Token);

        Stopwatch.GetElapsedTime(start).ShouldBeLessThan(TimeSpan.FromSeconds(8));
        seen.Phase.ShouldBe(PostgresPhase.Starting);
        seen.Problem.ShouldNotBeNull().ShouldContain("does not answer");
        _ = Libc.Kill(pid, 18); // SIGCONT
        await instance.WaitUntilAsync(o => o.IsReady, Token);
    }

    [Fact]
    public async Task An_idle_observer_opens_one_connection_and_keeps_it()
    {
        var instance = await KeepAsync(TestInstance.PrimaryAsync(Root, 1, Token));
        await instance.WaitUntilAsync(o => o.IsReady, Token);
        const string Sessions = "select string_agg(pid::text, ',' order by pid) from pg_stat_activity where application_name = 'pg_auto_failover' and pid <> pg_backend_pid()";
        var before = await instance.QueryAsync(Sessions, Token);

        for (var i = 0; i < 20; i++)
        {
            await instance.Server.ObserveAsync(Token);
            await instance.Server.EnsureSlotsAsync([], Token);
        }

        (await instance.QueryAsync(Sessions, Token)).ShouldBe(before);
        before.Split(',').Length.ShouldBe(2);
    }
}
