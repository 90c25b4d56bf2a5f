using PgAutoFailover.Harness.Promoters;

namespace PgAutoFailover.Promoter.Tests.Servers;

[Collection(nameof(Alone))]
public sealed class EnduranceTests : ServerTest
{
    private const long Looks = 1000;
    private const int MostGrowthKb = 8 * 1024;

    [Fact]
    public async Task A_thousand_looks_leave_neither_memory_nor_connections_behind()
    {
        var (primary, standby) = await Bench.PairAsync(Token, ("pg_promoter.keep_alive", "10ms"));
        var settled = await AfterLooksAsync(standby, 200);
        var (memory, descriptors) = (PssKb(settled.ProcessPid), Descriptors(settled.ProcessPid));

        var last = await AfterLooksAsync(standby, settled.Looks + Looks);

        last.ProcessPid.ShouldBe(settled.ProcessPid);
        Say($"after {last.Looks} looks: program {PssKb(last.ProcessPid)} kB PSS (after {settled.Looks}: {memory} kB), worker {PssKb(last.WorkerPid)} kB PSS");
        (PssKb(last.ProcessPid) - memory).ShouldBeLessThan(MostGrowthKb);
        (Descriptors(last.ProcessPid) - descriptors).ShouldBeLessThanOrEqualTo(2);
        int.Parse(await primary.QueryAsync("select count(*) from pg_stat_activity where application_name = 'pg_promoter'", Token)).ShouldBeLessThanOrEqualTo(2);
        Say($"contact {StartTime(standby.Log)} after the start of the program");
    }

    private static async Task<PromoterStatus> AfterLooksAsync(PromoterServer standby, long looks)
    {
        // Asked seldom, so that it is not the asking that is measured; and as long as it goes on, it may take its time.
        while (true)
        {
            var before = await standby.StatusAsync(Token);
            if (before.Looks >= looks)
            {
                return before;
            }

            await standby.UntilAsync("it goes on", s => s.Looks >= Math.Min(looks, before.Looks + 100), Token);
        }
    }

    private static long PssKb(int pid) =>
        long.Parse(File.ReadLines($"/proc/{pid}/smaps_rollup").First(l => l.StartsWith("Pss:", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]);

    private static int Descriptors(int pid) => Directory.GetFileSystemEntries($"/proc/{pid}/fd").Length;

    private static string StartTime(string log)
    {
        DateTime At(string text) => DateTime.Parse(log.Split('\n').First(l => l.Contains(text, StringComparison.Ordinal))[.."2026-01-01 00:00:00.000".Length]);
        return $"{(At("in contact with primary") - At("ready to accept read-only connections")).TotalMilliseconds:0} ms";
    }
}
