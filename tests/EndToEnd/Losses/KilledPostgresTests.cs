using PgAutoFailover.EndToEnd.Pairs;
using PgAutoFailover.Harness.Clusters;

namespace PgAutoFailover.EndToEnd.Losses;

[Collection(nameof(DefaultPair))]
public sealed class KilledPostgresTests(DefaultPair pair) : ClusterTest(pair)
{
    [Fact]
    public async Task The_primarys_postgres_is_killed_and_writes_go_on()
    {
        Cluster.Primary.KillPostmaster();
        await UntilServedAsync();
        await ShouldBeWholeAgainAsync();
    }

    [Fact]
    public async Task The_standbys_postgres_is_killed_and_started_again()
    {
        TestNode standby = Cluster.Secondary;
        standby.KillPostmaster();
        await Cluster.UntilAsync("PostgreSQL of the standby runs again", () => standby.PostmasterPid is not null, Token);
        await ShouldBeWholeAgainAsync();
    }

    [Fact]
    public async Task A_primary_without_its_control_file_is_replaced_and_comes_back_when_the_file_does()
    {
        TestNode broken = Cluster.Primary, other = Cluster.OtherThan(broken);
        string file = Path.Combine(broken.DataDirectory, "global", "pg_control");
        File.Move(file, file + ".away");
        broken.KillPostmaster();
        await UntilServedByAsync(other);
        await NothingShouldBeLostAsync();

        if (!File.Exists(file))
        {
            File.Move(file + ".away", file);
        }

        if (broken.AutoctlPid is null)
        {
            broken.Run();
        }

        await ShouldBeWholeAgainAsync();
    }
}
