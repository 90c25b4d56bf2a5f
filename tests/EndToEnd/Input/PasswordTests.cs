using PgAutoFailover.EndToEnd.Pairs;
using PgAutoFailover.Harness.Clusters;
using PgAutoFailover.Harness.Processes;

namespace PgAutoFailover.EndToEnd.Input;

public sealed class PasswordTests : OwnClusterTest
{
    private const string Right = "monitor-horse";
    private const string Wrong = "battery-staple";

    // With what password files and settings files have a syntax for; the second part is what to look for.
    private const string Replication = @":\'replica-horse";
    private const string ReplicationCore = "replica-horse";

    [Fact]
    public async Task A_wrong_password_of_the_monitor_is_refused_without_being_shown_and_the_right_one_works()
    {
        await PrepareAsync(new ClusterOptions { Auth = "md5" });
        await CreateMonitorWithPasswordAsync("md5");
        await RefuseWrongPasswordAsync();

        TestNode node = Cluster.Nodes[0];
        node.Start([.. Create(node, Right), "--run"]);
        await Cluster.UntilAsync("the node is single", s => s.Node(node.Name)?.Is("single") is true, Token);
    }

    [Fact]
    public async Task No_password_is_found_where_others_look_after_a_life_with_passwords()
    {
        await PrepareAsync(new ClusterOptions { Auth = "scram-sha-256" });
        await CreateMonitorWithPasswordAsync("scram-sha-256");
        await RefuseWrongPasswordAsync();
        TestNode first = Cluster.Nodes[0], second = Cluster.Nodes[1];

        // The first node has the monitor's password in the URI, and gives the role of replication the one of its configuration.
        first.Start([.. Create(first, Right), "--run", "-vvv"]);
        await Cluster.UntilAsync("the first node is single", s => s.Node(first.Name)?.Is("single") is true, Token);
        ProcessTitles().ShouldNotContain(line => HoldsPassword(line), "the service goes on under the command line that made the node");
        string rules = Path.Combine(first.DataDirectory, "pg_hba.conf");
        await Cluster.UntilAsync(
            "the keeper has written its rules", () => File.ReadAllText(rules).Contains("pgautofailover_monitor", StringComparison.Ordinal), Token);
        await RequirePasswordsAsync(first, "scram-sha-256");
        (await first.AutoctlAsync(["config", "set", "replication.password", Replication], Token)).Succeeded();
        await Cluster.UntilAsync(
            "the role of replication has its password",
            async () => await Cluster.ScalarAsync(first, "select rolpassword like 'SCRAM-SHA-256$%' from pg_authid where rolname = 'pgautofailover_replicator'", Token) is true,
            Token);

        // The second one has the monitor's from a password file, and is told the other one when it asks for it.
        await WritePasswordFileAsync();
        second.Start([.. Cluster.CreateNodeCommand(second), "--run", "-vvv"]);
        await Cluster.UntilAsync("it asks for a password", () => second.LogTail(1000).Contains("it asks for a password, and none is given", StringComparison.Ordinal), Token);
        (await second.AutoctlAsync(["config", "set", "replication.password", Replication], Token)).Succeeded();
        await Cluster.UntilSteadyAsync(Token);

        // Each follows the other once, by its password, and no command line of ours has one any more.
        await first.StopAsync(Token);
        await Cluster.UntilAsync("the second node serves", s => s.Node(second.Name)?.TakesWrites is true, Token);

        // The configured password is the one that counts, whatever the environment has for something else.
        first.RunThrough(["env", $"PGPASSWORD={Wrong}"]);
        await Cluster.UntilSteadyAsync(Token);
        (await second.AutoctlAsync(["perform", "switchover"], Token)).Succeeded();
        await Cluster.UntilSteadyAsync(Token);
        foreach (string[] command in (string[][])[["show", "state"], ["show", "events"], ["config", "check"], ["status", "--json"], ["show", "settings"]])
        {
            ShouldHoldNoPassword(await first.AutoctlAsync([.. command, "-vvv"], Token));
        }

        ShouldHoldNoPasswordInFiles();
        await ShouldHoldNoPasswordInSessionsAsync();
        ProcessTitles().ShouldNotContain(line => HoldsPassword(line));
    }

    private async Task CreateMonitorWithPasswordAsync(string method)
    {
        await Cluster.CreateMonitorAsync(Token);

        // The monitor logs statements that define something: psql's \password would send no password, and this logs none.
        await Cluster.SqlAsync(
            Cluster.Monitor, $"set log_statement to 'none'; set password_encryption to '{method}'; alter role autoctl_node password '{Right}'", Token);
        await RequirePasswordsAsync(Cluster.Monitor, method);
    }

    private async Task RefuseWrongPasswordAsync()
    {
        TestNode node = Cluster.Nodes[0];
        CommandResult refused = await node.AutoctlRawAsync(Create(node, Wrong), Token);
        ShouldBeRefused(refused, ExitCodes.MonitorError);
        refused.Error.ShouldContain("password authentication failed");
        (refused.Output + refused.Error).ShouldNotContain(Wrong);
        Directory.Exists(node.DataDirectory).ShouldBeFalse();
        Cluster.States.Last.Nodes.ShouldBeEmpty();
    }

    private string[] Create(TestNode node, string password) =>
        [.. Cluster.CreateNodeCommand(node).Select(a => a.Replace("autoctl_node@", $"autoctl_node:{password}@", StringComparison.Ordinal))];

    private async Task WritePasswordFileAsync()
    {
        string file = Cluster.Files.Under("home/.pgpass");
        await File.WriteAllTextAsync(file, $"*:*:pg_auto_failover:autoctl_node:{Right}\n", Token);
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await ClusterDirectory.GiveToOwnerAsync(file, Token);
    }

    /// <summary>The rules of initdb trust whoever is on the machine, and come first: here everybody is.</summary>
    private async Task RequirePasswordsAsync(TestNode node, string method)
    {
        string file = Path.Combine(node.DataDirectory, "pg_hba.conf");
        string[] lines = await File.ReadAllLinesAsync(file, Token);
        await File.WriteAllLinesAsync(
            file,
            lines.Select(l => l.StartsWith("host", StringComparison.Ordinal) && !l.Contains("pgautofailover_monitor", StringComparison.Ordinal)
                ? l.Replace(" trust", " " + method, StringComparison.Ordinal)
                : l),
            Token);
        await Cluster.SqlAsync(node, "select pg_reload_conf()", Token);
    }

    private void ShouldHoldNoPasswordInFiles()
    {
        foreach (string file in Directory.EnumerateFiles(Cluster.Files.Root, "*", SearchOption.AllDirectories))
        {
            bool isPrivate = (File.GetUnixFileMode(file) & ~(UnixFileMode.UserRead | UnixFileMode.UserWrite)) == UnixFileMode.None;
            if (isPrivate && Path.GetFileName(file) is ("pg_autoctl.cfg" or "pg_autoctl.pgpass" or ".pgpass"))
            {
                continue;
            }

            // The first line of each run is the harness's own, and tells the command.
            HoldsPassword(string.Join('\n', Lines(file).Where(l => !l.StartsWith("###", StringComparison.Ordinal)))).ShouldBeFalse(file);
        }
    }

    private static string[] Lines(string file)
    {
        try
        {
            return File.ReadAllText(file, System.Text.Encoding.Latin1).Split('\n');
        }
        catch (IOException)
        {
            return []; // a socket, or a file that PostgreSQL has removed meanwhile
        }
    }

    private async Task ShouldHoldNoPasswordInSessionsAsync()
    {
        foreach (TestNode node in Cluster.Nodes.Append(Cluster.Monitor))
        {
            object? queries = await Cluster.ScalarAsync(node, "select string_agg(query || application_name, ' ') from pg_stat_activity", Token);
            HoldsPassword(queries.ShouldBeOfType<string>()).ShouldBeFalse(node.Name);
        }

        foreach (TestNode node in Cluster.Nodes)
        {
            object? statements = await Cluster.ScalarAsync(node, "select coalesce(string_agg(query, ' '), '') from pg_stat_statements", Token);
            HoldsPassword(statements.ShouldBeOfType<string>()).ShouldBeFalse(node.Name);
            HoldsPassword((await Cluster.ScalarAsync(node, "show primary_conninfo", Token)).ShouldBeOfType<string>()).ShouldBeFalse(node.Name);
        }

        object? events = await Cluster.ScalarAsync(Cluster.Monitor, "select string_agg(e::text, ' ') from pgautofailover.event as e", Token);
        HoldsPassword(events.ShouldBeOfType<string>()).ShouldBeFalse();
    }

    private static IEnumerable<string> ProcessTitles()
    {
        foreach (string directory in Directory.EnumerateDirectories("/proc").Where(d => char.IsAsciiDigit(Path.GetFileName(d)[0])))
        {
            string title;
            try
            {
                title = File.ReadAllText(Path.Combine(directory, "cmdline"));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                continue; // it has ended
            }

            yield return title;
        }
    }

    private static void ShouldHoldNoPassword(CommandResult result) => HoldsPassword(result.Succeeded().Output + result.Error).ShouldBeFalse(result.CommandLine);

    private static bool HoldsPassword(string text) =>
        text.Contains(Right, StringComparison.Ordinal) || text.Contains(Wrong, StringComparison.Ordinal) || text.Contains(ReplicationCore, StringComparison.Ordinal);
}
