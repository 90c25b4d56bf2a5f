using System.Globalization;
using PgAutoFailover.Harness;
using PgAutoFailover.Harness.Clusters;
using PgAutoFailover.Harness.Networks;
using PgAutoFailover.Harness.Processes;

namespace PgAutoFailover.EndToEnd.Addresses;

/// <summary>What <c>--pg-hba-lan</c> promises, asked of a node by clients of two networks.</summary>
internal static class LocalNetwork
{
    internal static async Task ShouldBeLetInAloneAsync(Cluster cluster, TestNode node, CancellationToken cancellationToken)
    {
        (await ConnectAsync(cluster, cluster.Network.Client, node, cancellationToken)).Succeeded().Output.ShouldBe("let in\n");

        CommandResult stranger = await ConnectAsync(cluster, cluster.Links.Stranger, node, cancellationToken);
        stranger.ExitCode.ShouldNotBe(0);
        stranger.Error.ShouldContain($"no pg_hba.conf entry for host \"{cluster.Links.Stranger.Address}\"");
    }

    private static Task<CommandResult> ConnectAsync(Cluster cluster, TestHost from, TestNode node, CancellationToken cancellationToken) => cluster.ExecuteAsync(
        from,
        [
            Binaries.Postgres("psql"), "--no-psqlrc", "--tuples-only", "--no-align", "--host", node.Host.Address,
            "--port", node.Port.ToString(CultureInfo.InvariantCulture), "--dbname", "postgres", "--command", "select 'let in'",
        ],
        cancellationToken);
}
