using System.Globalization;
using PgAutoFailover.EndToEnd.Pairs;
using PgAutoFailover.Harness;
using PgAutoFailover.Harness.Clusters;
using PgAutoFailover.Harness.Networks;
using PgAutoFailover.Harness.Processes;
using PgAutoFailover.Harness.Waiting;

namespace PgAutoFailover.EndToEnd.Operations;

/// <summary>A session of tmux with a cluster in it, from its beginning to the last trace of it; the demonstration runs on it meanwhile.</summary>
public sealed class TmuxSessionTests : OwnClusterTest
{
    private string Root => Cluster.Files.Under("session");

    [Fact]
    public async Task A_session_comes_to_rest_serves_the_demonstration_through_a_failover_and_leaves_nothing_behind()
    {
        await PrepareAsync(new ClusterOptions());
        int port = FreePorts.TakeRow(3);
        string first = port.ToString(CultureInfo.InvariantCulture);
        try
        {
            (await DoAsync("tmux", "session", "--root", Root, "--first-pgport", first)).Succeeded();
            ShouldBeRefused(await DoAsync("tmux", "session", "--root", Root, "--first-pgport", first), ExitCodes.BadState);
            (await DoAsync("tmux", "wait", "--root", Root)).Succeeded();
            (await DoAsync("tmux", "wait", "--root", Root, "node1", "primary")).Succeeded();

            string[] monitor = ["--monitor", $"postgres://autoctl_node@localhost:{first}/pg_auto_failover?sslmode=require"];
            (await DoAsync(["demo", "uri", .. monitor])).Succeeded().Output.ShouldContain($"localhost:{port + 1},localhost:{port + 2}/demo?");
            ShouldBeRefused(await DoAsync(["demo", "summary", .. monitor]), LocalSql);
            ShouldBeRefused(await DoAsync(["demo", "ping", "--username", "nobody", .. monitor]), LocalSql);

            CommandResult run = (await DoAsync(["demo", "run", "--clients", "2", "--duration", "5", "--first-failover", "1", .. monitor])).Succeeded();
            run.Error.ShouldContain("Asking for a failover");
            run.Output.ShouldContain(" All Clients Combined |");
            (await DoAsync(["demo", "summary", .. monitor])).Succeeded().Output.ShouldBe(run.Output);
            (await DoAsync("tmux", "wait", "--root", Root, "node2", "primary")).Succeeded();
            (await DoAsync(["demo", "ping", .. monitor])).Succeeded().Error.ShouldContain($"(port {port + 2}) takes writes");

            (await DoAsync("tmux", "stop", "--root", Root)).Succeeded();
            FreePorts.AreFree(port, 3).ShouldBeTrue();
            (await DoAsync("tmux", "stop", "--root", Root)).Succeeded().Error.ShouldContain("No pg_autoctl runs");
        }
        finally
        {
            (await DoAsync("tmux", "clean", "--root", Root)).Succeeded();
        }

        Directory.Exists(Root).ShouldBeFalse();
        (await TmuxAsync("has-session", "-t", "pgautofailover-" + first)).ExitCode.ShouldNotBe(0);
        await Patience.UntilAsync("no process of the session is left", () => !HasProcesses(), Token);
        (await DoAsync("tmux", "clean", "--root", Root)).Succeeded();
    }

    // 2.0's name for "a statement or a session was refused by PostgreSQL".
    private const int LocalSql = 4;

    private Task<CommandResult> DoAsync(params string[] arguments) =>
        Cluster.Monitor.ExecuteAsync(["env", "PG_AUTOCTL_DEBUG=1", OwnTmux, Binaries.PgAutoctl, "do", .. arguments], Token);

    private Task<CommandResult> TmuxAsync(params string[] arguments) => Cluster.Monitor.ExecuteAsync(["env", OwnTmux, "tmux", .. arguments], Token);

    // A server of tmux that nobody else uses.
    private string OwnTmux => "TMUX_TMPDIR=" + Cluster.Files.Sockets;

    // PostgreSQL works in its data directory; everything else of a session has its directory in the environment.
    private bool HasProcesses() => Directory.EnumerateDirectories("/proc").Any(process =>
    {
        try
        {
            return new FileInfo(process + "/cwd").LinkTarget?.StartsWith(Root, StringComparison.Ordinal) is true
                || File.ReadAllText(process + "/environ").Contains("=" + Root, StringComparison.Ordinal);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    });
}
