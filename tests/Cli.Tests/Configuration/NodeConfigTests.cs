using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Configuration;
using PgAutoFailover.Cli.Output;
using Shouldly;

namespace PgAutoFailover.Cli.Tests.Configuration;

public sealed class NodeConfigTests
{
    private const string Keeper = """
        [pg_autoctl]
        role = keeper
        monitor = postgres://autoctl_node@localhost:16460/pg_auto_failover?sslmode=prefer
        formation = default
        group = 0
        name = node1
        hostname = localhost
        nodekind = standalone

        [postgresql]
        pgdata = /srv/pgaf/node1
        pg_ctl = /usr/lib/postgresql/15/bin/pg_ctl
        username = postgres
        dbname = postgres
        host = /var/run/postgresql
        port = 16461
        proxyport = 0
        listen_addresses = *
        auth_method = trust
        hba_level = minimal

        [ssl]
        active = 0
        sslmode = prefer

        [replication]
        maximum_backup_rate = 100M
        backup_directory = /srv/pgaf/backup/node_1

        [timeout]
        network_partition_timeout = 20
        prepare_promotion_catchup = 30
        prepare_promotion_walreceiver = 5
        postgresql_restart_failure_timeout = 20
        postgresql_restart_failure_max_retries = 3
        listen_notifications_timeout = 0
        citus_master_update_node_lock_cooldown = 0
        citus_coordinator_wait_max_retries = 0
        citus_coordinator_wait_timeout = 0

        [citus]
        role = primary

        """;

    private const string Monitor = """
        [pg_autoctl]
        role = monitor
        hostname = localhost

        [postgresql]
        pgdata = /srv/pgaf/monitor
        pg_ctl = /usr/lib/postgresql/15/bin/pg_ctl
        username = autoctl_node
        dbname = pg_auto_failover
        host = /var/run/postgresql
        port = 16460
        listen_addresses = *
        auth_method = trust

        [ssl]
        sslmode = prefer
        active = 0

        """;

    [Theory]
    [InlineData(Keeper)]
    [InlineData(Monitor)]
    public void A_file_of_2_0_is_read_and_written_unchanged(string text) => Parse(text).ToIni().ShouldBe(text);

    [Fact]
    public void Json_has_numbers_where_the_file_has_them()
    {
        var json = PrettyJson.Format(ConfigJson.Of(Parse(Monitor)));

        json.ShouldContain("\"port\": 16460");
        json.ShouldContain("\"pgdata\": \"\\/srv\\/pgaf\\/monitor\"");
        json.ShouldEndWith("    \"ssl\": {\n        \"sslmode\": \"prefer\",\n        \"active\": 0\n    }\n}");
    }

    [Fact]
    public void A_missing_key_has_its_default()
    {
        var config = Parse("[pg_autoctl]\nrole = keeper\nhostname = h\n[postgresql]\npgdata = /d\n");

        config.Number(ConfigKeys.Group).ShouldBe(-1);
        config.Seconds(ConfigKeys.NetworkPartitionTimeout).ShouldBe(TimeSpan.FromSeconds(20));
        config[ConfigKeys.DbName].ShouldBe("postgres");
    }

    [Theory]
    [InlineData("pass\nword")]
    [InlineData(" password")]
    [InlineData("password ")]
    public void A_value_that_the_file_would_not_keep_as_it_is_is_refused(string value) =>
        Parse(Keeper).With(ConfigKeys.ReplicationPassword, value).Problems().ShouldHaveSingleItem().ShouldStartWith("replication.password ");

    [Fact]
    public void The_old_name_of_hostname_is_read_and_never_written()
    {
        var config = Parse("[pg_autoctl]\nrole = keeper\nnodename = h\n[postgresql]\npgdata = /d\n");

        config[ConfigKeys.HostName].ShouldBe("h");
        config.ToIni().ShouldNotContain("nodename");
    }

    [Fact]
    public void Every_problem_is_told_at_once()
    {
        var problems = new List<string>();
        NodeConfig.Parse("[pg_autoctl]\nrole = keeper\nrubbish\n[postgresql]\nport = x\n[ssl]\nsslmode = verify-full\nactive = 2\n[no]\nsuch = key\n", problems);

        problems.ShouldBe(
        [
            "line 3: expected key = value, found \"rubbish\"",
            "no.such is not a setting of a keeper",
            "pg_autoctl.hostname is missing",
            "postgresql.pgdata is missing",
            "postgresql.port is \"x\", which is not a number",
            "ssl.active is \"2\": expected 0 to 1",
            "ssl.sslmode is \"verify-full\", which needs ssl.ca_file",
        ]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[pg_autoctl]\n")]
    [InlineData("[pg_autoctl]\nrole = wizard\n")]
    [InlineData("\0\0\0\0\0")]
    public void A_file_that_does_not_say_whose_it_is_is_refused(string text)
    {
        using var directory = new TemporaryDirectory();
        var path = Path.Join(directory.Path, "pg_autoctl.cfg");
        File.WriteAllText(path, text);

        var failure = Should.Throw<CommandFailure>(() => NodeConfig.Read(path));

        failure.ExitCode.ShouldBe(ExitCode.BadConfiguration);
        failure.Message.ShouldContain(path);
        File.ReadAllText(path).ShouldBe(text);
    }

    [Fact]
    public void No_cut_of_a_file_makes_the_reader_break()
    {
        for (var length = 0; length < Keeper.Length; length++)
        {
            var problems = new List<string>();
            var config = NodeConfig.Parse(Keeper[..length], problems);

            (config is not null || problems.Count > 0).ShouldBeTrue();
        }
    }

    [Fact]
    public void A_change_leaves_the_rest_as_it_was() =>
        Parse(Keeper).With(ConfigKeys.MaximumBackupRate, "50M").ToIni().ShouldBe(Keeper.Replace("100M", "50M", StringComparison.Ordinal));

    private static NodeConfig Parse(string text)
    {
        var problems = new List<string>();
        var config = NodeConfig.Parse(text, problems);
        problems.ShouldBeEmpty();
        return config.ShouldNotBeNull();
    }

    [Theory]
    [InlineData("", UnixFileMode.GroupRead | UnixFileMode.OtherRead)]
    [InlineData("replication.password=secret", UnixFileMode.None)]
    [InlineData("pg_autoctl.monitor=postgres://autoctl_node:secret@localhost/pg_auto_failover", UnixFileMode.None)]
    public void A_file_with_a_password_is_for_its_owner_alone(string setting, UnixFileMode others)
    {
        using var directory = new TemporaryDirectory();
        var file = Path.Join(directory.Path, "pg_autoctl.cfg");
        var config = NodeConfig.Parse(Keeper, [])!;
        config.Write(file);
        config = setting.Split('=', 2) is [var path, var value] ? config.With(config.Find(path)!, value) : config;

        config.Write(file);

        File.GetUnixFileMode(file).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | others);
    }

    [Theory]
    [InlineData("pg_autoctl.name", "x\nmonitor = postgres://elsewhere/")]
    [InlineData("replication.password", "a\rb")]
    [InlineData("pg_autoctl.hostname", "all")]
    [InlineData("pg_autoctl.hostname", "0.0.0.0/0")]
    [InlineData("postgresql.auth_method", "cert map=x")]
    public void Values_that_would_say_something_else_in_a_file_are_refused(string path, string value)
    {
        var config = NodeConfig.Parse(Keeper, [])!;

        config.With(config.Find(path)!, value).Problems().ShouldHaveSingleItem().ShouldContain(path);
    }
}
