using System.Globalization;
using Npgsql;
using PgAutoFailover.EndToEnd.Pairs;
using PgAutoFailover.Harness;
using PgAutoFailover.Harness.Clusters;
using PgAutoFailover.Harness.Processes;

namespace PgAutoFailover.EndToEnd.Operations;

/// <summary>Two servers that pg_autoctl has not made, as the promoter watches them: the old primary comes back with <c>do standby rewind</c>.</summary>
public sealed class RewindByHandTests : OwnClusterTest
{
    [Fact]
    public async Task A_former_primary_that_went_its_own_way_follows_the_new_one_and_keeps_its_own_files()
    {
        await PrepareAsync(new ClusterOptions());
        TestNode old = Cluster.Nodes[0], other = Cluster.Nodes[1];
        await MakePairAsync(old, other);
        (await other.DoAsync(["standby", "promote"], Token)).Succeeded();
        await Cluster.SqlAsync(old, "insert into words values ('only the old one has it')", Token);
        await Cluster.SqlAsync(other, "insert into words values ('only the new one has it')", Token);

        // What is refused changes nothing.
        string[] rewind = ["standby", "rewind", "--host", "127.0.0.1", "--port", Port(other), "--username", Account.Name];
        ShouldBeRefused(await old.DoAsync(rewind, Token), ExitCodes.PostgresControl);
        await StopAsync(old);
        string before = await ControlDataAsync(old);
        ShouldBeRefused(await old.DoAsync(["standby", "rewind"], Token), ExitCodes.BadArguments);
        ShouldBeRefused(await old.DoAsync(["standby", "rewind", "127.0.0.1", "port"], Token), ExitCodes.BadArguments);
        ShouldBeRefused(await old.DoAsync(["standby", "rewind", "127.0.0.1", Port(old), "--username", Account.Name], Token), ExitCodes.PostgresControl);
        ShouldBeRefused(await old.DoAsync([.. rewind, "--dbname", "no_such_database"], Token), ExitCodes.PostgresControl);
        (await ControlDataAsync(old)).ShouldBe(before);
        string configuration = await File.ReadAllTextAsync(Path.Combine(old.DataDirectory, "postgresql.conf"), Token);

        CommandResult done = await old.DoAsync(rewind, Token);
        done.Succeeded();
        File.Exists(Path.Combine(old.DataDirectory, "standby.signal")).ShouldBeTrue();
        (await File.ReadAllTextAsync(Path.Combine(old.DataDirectory, "postgresql.conf"), Token)).ShouldBe(configuration);
        await StartAsync(old);
        await Cluster.UntilAsync("it follows", () => Words(old) == "before, only the new one has it", Token);
        await Cluster.SqlAsync(other, "insert into words values ('streamed')", Token);
        await Cluster.UntilAsync("it receives", () => Words(old).EndsWith(", streamed", StringComparison.Ordinal), Token);
    }

    [Fact]
    public async Task One_that_crashed_is_recovered_and_rewound_and_one_of_another_cluster_is_refused()
    {
        await PrepareAsync(new ClusterOptions { Nodes = 3 });
        TestNode old = Cluster.Nodes[0], other = Cluster.Nodes[1], stranger = Cluster.Nodes[2];
        await MakePairAsync(old, other);
        await ExecuteAsync(Binaries.Postgres("initdb"), "--auth", "trust", "--pgdata", stranger.DataDirectory);
        ShouldBeRefused(
            await stranger.DoAsync(["standby", "rewind", "127.0.0.1", Port(other), "--username", Account.Name], Token), ExitCodes.PostgresControl);
        (await other.DoAsync(["standby", "promote"], Token)).Succeeded();
        await Cluster.SqlAsync(old, "insert into words values ('only the old one has it')", Token);
        await StopAsync(old, "immediate");

        (await old.DoAsync(["standby", "rewind", "127.0.0.1", Port(other), "--username", Account.Name], Token)).Succeeded();
        await StartAsync(old);
        await Cluster.UntilAsync("it follows", () => Words(old) == "before", Token);
    }

    [Fact]
    public async Task One_without_hints_in_its_log_is_refused_before_anything_is_changed()
    {
        await PrepareAsync(new ClusterOptions());
        TestNode old = Cluster.Nodes[0], other = Cluster.Nodes[1];
        await MakePairAsync(old, other, "off");
        (await other.DoAsync(["standby", "promote"], Token)).Succeeded();
        await StopAsync(old);
        CommandResult refused = await old.DoAsync(["standby", "rewind", "127.0.0.1", Port(other), "--username", Account.Name], Token);
        ShouldBeRefused(refused, ExitCodes.PostgresControl);
        refused.Error.ShouldContain("wal_log_hints");
        Directory.GetFiles(Cluster.Files.Root, "pg_autoctl.unfinished", SearchOption.AllDirectories).ShouldBeEmpty();
        File.Exists(Path.Combine(old.DataDirectory, "standby.signal")).ShouldBeFalse();
        await StartAsync(old);
    }

    private async Task MakePairAsync(TestNode primary, TestNode standby, string hints = "on")
    {
        await ExecuteAsync(Binaries.Postgres("initdb"), "--auth", "trust", "--pgdata", primary.DataDirectory);
        await File.AppendAllTextAsync(Path.Combine(primary.DataDirectory, "postgresql.conf"), $"wal_log_hints = {hints}\nwal_keep_size = '256MB'\nshared_buffers = '16MB'\n", Token);
        await StartAsync(primary);
        await Cluster.SqlAsync(primary, "create table words as select 'before'::text as word", Token);
        await ExecuteAsync(
            Binaries.Postgres("pg_basebackup"), "--host", "127.0.0.1", "--port", Port(primary), "--pgdata", standby.DataDirectory, "--write-recovery-conf", "--checkpoint=fast");
        await StartAsync(standby);
        await Cluster.UntilAsync("the standby has the table", () => Words(standby) == "before", Token);
    }

    private Task<string> StartAsync(TestNode node) => ExecuteAsync(
        Binaries.Postgres("pg_ctl"), "start", "--wait", "--pgdata", node.DataDirectory, "--log", node.LogFile,
        "--options", $"-p {Port(node)} -k {Cluster.Files.Sockets}");

    private Task<string> StopAsync(TestNode node, string mode = "fast") => ExecuteAsync(Binaries.Postgres("pg_ctl"), "stop", "--mode", mode, "--pgdata", node.DataDirectory);

    private Task<string> ControlDataAsync(TestNode node) => ExecuteAsync(Binaries.Postgres("pg_controldata"), node.DataDirectory);

    private static string Words(TestNode node)
    {
        try
        {
            using var connection = new NpgsqlConnection(node.LocalConnectionString("postgres"));
            connection.Open();
            using var command = new NpgsqlCommand("select string_agg(word, ', ' order by ctid) from words", connection);
            return command.ExecuteScalar()?.ToString() ?? "";
        }
        catch (NpgsqlException e)
        {
            return e.Message;
        }
    }

    private static string Port(TestNode node) => node.Port.ToString(CultureInfo.InvariantCulture);
}
