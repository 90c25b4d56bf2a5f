using PgAutoFailover.Harness.Promoters;

namespace PgAutoFailover.Promoter.Tests.Servers;

/// <summary>The worker and its program: neither outlives the other, nor the postmaster, and a fault of the program is none of the server's.</summary>
public sealed class ProcessTests : ServerTest
{
    [Fact]
    public async Task A_program_that_is_killed_or_hangs_is_started_again_and_still_knows_the_primary_while_the_server_goes_on()
    {
        var (primary, standby) = await Bench.PairAsync(Token, ("pg_promoter.keepalive_count", "5"));
        var postmaster = standby.PostmasterPid;
        var first = await standby.StatusAsync(Token);
        HasNothingOfPostgreSQLs(first);
        await using var client = await standby.OpenAsync(Token);

        PromoterServer.Signal(first.ProcessPid, SigStop);
        var second = await RestartedAsync(standby, first);
        standby.Log.ShouldContain("has not said a word for 10 s: it is killed");

        PromoterServer.Signal(second.ProcessPid, SigKill);
        var third = await RestartedAsync(standby, second);
        standby.Log.ShouldContain("ended by signal 9");

        // The primary dies together with the program: the next one knows that there was a primary.
        primary.KillPostmaster();
        PromoterServer.Signal(third.ProcessPid, SigKill);
        await standby.UntilAsync("it is promoted all the same", s => !s.InRecovery, Token);

        standby.PostmasterPid.ShouldBe(postmaster);
        client.State.ShouldBe(System.Data.ConnectionState.Open);
        await using var command = new Npgsql.NpgsqlCommand("select 1", client);
        (await command.ExecuteScalarAsync(Token)).ShouldBe(1); // the session has survived it all
        standby.Log.ShouldNotContain("terminating any other active server processes");
    }

    [Fact]
    public async Task A_worker_that_is_killed_takes_its_program_with_it_and_the_server_recovers_as_from_any_worker()
    {
        var (_, standby) = await Bench.PairAsync(Token);
        var before = await standby.StatusAsync(Token);

        PromoterServer.Signal(before.WorkerPid, SigKill);

        await standby.UntilAsync("the program has ended", () => Task.FromResult(!standby.Processes.Contains(before.ProcessPid)), Token);
        await standby.UntilAsync("another worker watches", s => s.HasContact && s.ProcessPid != 0 && s.WorkerPid != before.WorkerPid, Token);
        standby.Log.ShouldContain("terminating any other active server processes");
    }

    [Fact]
    public async Task However_a_standby_ends_nothing_is_left_of_it()
    {
        var (primary, standby) = await Bench.PairAsync(Token);
        var reading = LoadAsync(standby);
        PromoterServer.Signal(standby.PostmasterPid, SigHup);
        await standby.StopAsync("fast", Token);
        await EndedAsync(standby, reading);

        foreach (var mode in (string[])["smart", "immediate"])
        {
            await standby.StartAsync(Token);
            await standby.UntilAsync("it watches", s => s.HasContact, Token);
            await standby.StopAsync(mode, Token);
            await EndedAsync(standby, null);
        }

        await standby.StartAsync(Token);
        await standby.UntilAsync("it watches", s => s.HasContact, Token);
        reading = LoadAsync(standby);
        standby.KillPostmaster();
        await EndedAsync(standby, reading);

        // A program that hangs meanwhile is no exception.
        await standby.StartAsync(Token);
        await standby.UntilAsync("it watches", s => s.HasContact, Token);
        PromoterServer.Signal((await standby.StatusAsync(Token)).ProcessPid, SigStop);
        await standby.StopAsync("immediate", Token);
        await EndedAsync(standby, null);
        primary.Log.ShouldNotContain("pg_promoter: does not");
    }

    [Fact]
    public async Task On_a_primary_the_worker_idles_without_a_program_and_ends_like_any_other()
    {
        var primary = await Bench.AddPrimaryAsync("primary", Token);
        foreach (var mode in (string[])["smart", "fast", "immediate", "kill"])
        {
            await primary.UntilAsync("it idles", s => s is { State: "idle", ProcessPid: 0 } && s.WorkerPid != 0, Token);
            PromoterServer.Signal(primary.PostmasterPid, SigHup);
            var load = mode == "smart" ? null : LoadAsync(primary);
            if (mode == "kill")
            {
                primary.KillPostmaster();
            }
            else
            {
                await primary.StopAsync(mode, Token);
            }

            await EndedAsync(primary, load);
            await primary.StartAsync(Token);
        }

        var worker = (await primary.StatusAsync(Token)).WorkerPid;
        PromoterServer.Signal(worker, SigKill);
        await primary.UntilAsync("there is another worker", s => s.WorkerPid != worker && s.State == "idle", Token);
    }

    private static async Task<PromoterStatus> RestartedAsync(PromoterServer standby, PromoterStatus before)
    {
        await standby.UntilAsync(
            "another program watches", s => s.ProcessPid != 0 && s.ProcessPid != before.ProcessPid && s.ProcessStarts == before.ProcessStarts + 1 && s.State == "watching", Token);
        var after = await standby.StatusAsync(Token);
        after.WorkerPid.ShouldBe(before.WorkerPid);
        standby.Processes.ShouldNotContain(before.ProcessPid);
        return after;
    }

    /// <summary>Its descriptors are the two pipes to the worker, and what it opened itself.</summary>
    private static void HasNothingOfPostgreSQLs(PromoterStatus status)
    {
        var worker = Descriptors(status.WorkerPid).Values.ToList();
        var program = Descriptors(status.ProcessPid);
        string[] pipes = [program[0], program[1], program[2]];

        pipes.ShouldAllBe(p => p.StartsWith("pipe:", StringComparison.Ordinal));
        program.Values.Except(pipes).Where(d => d.Contains(":[", StringComparison.Ordinal) && !d.StartsWith("anon_inode", StringComparison.Ordinal))
            .Intersect(worker).ShouldBeEmpty();
        program.Values.ShouldAllBe(d => !d.Contains("/pgpr-", StringComparison.Ordinal));
    }

    private static Dictionary<int, string> Descriptors(int pid) =>
        new DirectoryInfo($"/proc/{pid}/fd").EnumerateFileSystemInfos().ToDictionary(f => int.Parse(f.Name), f => f.LinkTarget ?? "");

    /// <summary>Readers that do not stop, and may be there when the server goes.</summary>
    private static async Task LoadAsync(PromoterServer server)
    {
        var script = server.LogFile + ".sql";
        await File.WriteAllTextAsync(script, "select count(*) from pg_class, generate_series(1, 100);\n", Token);
        await server.RunAsync("pgbench", Token, "-n", "-h", Path.GetDirectoryName(server.DataDirectory) ?? "", "-p", $"{server.Port}", "-U", "postgres",
            "-c", "2", "-T", "30", "-f", script, "postgres");
    }

    private static async Task EndedAsync(PromoterServer server, Task? load)
    {
        if (load is not null)
        {
            await load;
        }

        await server.UntilAsync("nothing is left of it", () => Task.FromResult(server.Processes.Count == 0), Token);
    }
}
