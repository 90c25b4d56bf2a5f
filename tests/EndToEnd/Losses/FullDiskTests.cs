using PgAutoFailover.EndToEnd.Pairs;
using PgAutoFailover.Harness;
using PgAutoFailover.Harness.Clients;
using PgAutoFailover.Harness.Clusters;
using PgAutoFailover.Harness.Processes;

namespace PgAutoFailover.EndToEnd.Losses;

/// <summary>The first node's WAL lies on a file system of its own, which a ballast file then fills.</summary>
public sealed class FullDiskTests : OwnClusterTest
{
    private readonly string _disk = Directory.CreateTempSubdirectory("pgaf-disk-").FullName;
    private bool _mounted;

    [Fact]
    public async Task A_primary_whose_disk_for_WAL_is_full_is_replaced_and_comes_back_when_there_is_room()
    {
        Assert.SkipUnless(Account.IsRoot, "a small file system can only be mounted by root");
        CommandResult mount = await HostCommand.RunAsync(["mount", "-t", "tmpfs", "-o", "size=160m,mode=0777", "none", _disk], Token);
        Assert.SkipUnless(mount.ExitCode == 0, "mounting a small file system is not permitted here: " + mount.Error);
        _mounted = true;
        await PrepareAsync(new ClusterOptions());
        TestNode small = Cluster.Nodes[0], other = Cluster.Nodes[1];
        await ExecuteAsync(Binaries.Postgres("initdb"), "--auth", "trust", "--pgdata", small.DataDirectory, "--waldir", Path.Combine(_disk, "wal"));
        await Cluster.CreateMonitorAsync(Token);
        await Cluster.CreateNodeAsync(small, Token);
        await Cluster.CreateNodeAsync(other, Token);
        await Cluster.CompleteAsync(Token);
        Cluster.Primary.ShouldBe(small);
        Writer application = await Cluster.StartWriterAsync("application", Token);

        string ballast = Path.Combine(_disk, "ballast");
        await FillAsync(ballast);
        await Cluster.UntilAsync(
            "the other node acknowledges writes", () => application.Acknowledged is [.., var last] && last.Port == other.Port, Token);
        (await Cluster.MissingRowsAsync(Token)).ShouldBeEmpty();

        File.Delete(ballast);
        if (small.AutoctlPid is null)
        {
            small.Run();
        }

        await Cluster.UntilSteadyAsync(Token);
        await Cluster.UntilAcknowledgedAsync(application, Token);
        (await Cluster.MissingRowsAsync(Token)).ShouldBeEmpty();
    }

    protected override async ValueTask CleanUpAsync()
    {
        if (_mounted)
        {
            await HostCommand.RunAsync(["umount", _disk], CancellationToken.None);
        }

        Directory.Delete(_disk);
    }

    /// <summary>Takes every byte that is left, and has PostgreSQL ask for the next WAL segment.</summary>
    private async Task FillAsync(string ballast)
    {
        byte[] block = new byte[1 << 20];
        await using (FileStream file = File.Create(ballast))
        {
            try
            {
                while (true)
                {
                    await file.WriteAsync(block, Token);
                    await file.FlushAsync(Token);
                }
            }
            catch (IOException)
            {
                // Full.
            }
        }

        // WAL segments that were recycled in advance are used up first.
        for (int i = 0; i < 40 && Cluster.Nodes[0].PostmasterPid is not null; i++)
        {
            try
            {
                await Cluster.SqlAsync(Cluster.Nodes[0], "create table if not exists bulk(t text); insert into bulk select repeat('x', 500) from generate_series(1, 20000); select pg_switch_wal()", Token);
            }
            catch (Npgsql.NpgsqlException)
            {
                // The server has gone down, or refuses: what the test wants.
                return;
            }
        }
    }
}
