using PgAutoFailover.Monitor.Tests.Server;
using Shouldly;
using Xunit;

namespace PgAutoFailover.Monitor.Tests.Schema;

public sealed class SettingsViewTests(ThrowawayPostgres postgres) : InstalledSchema(postgres)
{
    [Fact]
    public async Task Settings_show_their_defaults_where_nothing_was_set() =>
        (await Session.RowsAsync("select name, setting, unit, min_val, max_val from pgautofailover.settings order by name")).ShouldBe(
        [
            "pgautofailover.enable_health_checks|on|||",
            "pgautofailover.enable_sync_wal_log_threshold|16777216||1|2147483647",
            "pgautofailover.enable_version_checks|on|||",
            "pgautofailover.health_check_max_retries|2||1|100",
            "pgautofailover.health_check_period|5000|ms|1|2147483647",
            "pgautofailover.health_check_retry_delay|2000|ms|1|2147483647",
            "pgautofailover.health_check_timeout|5000|ms|1|2147483647",
            "pgautofailover.node_considered_unhealthy_timeout|20000|ms|1|2147483647",
            "pgautofailover.primary_demote_timeout|30000|ms|1|2147483647",
            "pgautofailover.promote_wal_log_threshold|16777216||1|2147483647",
            "pgautofailover.replication_stall_timeout|10000|ms|1|2147483647",
            "pgautofailover.startup_grace_period|10000|ms|1|2147483647",
        ]);

    [Theory]
    [InlineData("health_check_period", "700", "700")]
    [InlineData("health_check_period", "2s", "2000")]
    [InlineData("health_check_period", " 1.5 s ", "1500")]
    [InlineData("health_check_period", "1min", "60000")]
    [InlineData("health_check_period", "soon", "5000")]
    [InlineData("health_check_period", "-1", "5000")]
    [InlineData("health_check_period", "0", "5000")]
    [InlineData("health_check_period", "99999999999999999999", "5000")]
    [InlineData("health_check_max_retries", "101", "2")]
    [InlineData("health_check_max_retries", "1.5", "2")]
    [InlineData("enable_health_checks", "maybe", "on")]
    [InlineData("promote_wal_log_threshold", "16MB", "16777216")]
    [InlineData("enable_health_checks", "FALSE", "off")]
    [InlineData("enable_health_checks", "1", "on")]
    public async Task A_value_is_shown_in_the_units_of_the_setting_and_the_default_where_it_cannot_be_used(string name, string value, string shown)
    {
        await Session.ExecuteAsync($"set pgautofailover.{name} = '{value}'");
        (await Session.RowsAsync($"select setting from pgautofailover.settings where name = 'pgautofailover.{name}'")).ShouldBe([shown]);
    }

    [Fact]
    public async Task A_value_set_for_the_database_is_seen_by_its_sessions()
    {
        await Session.ExecuteAsync($"alter database {Database} set pgautofailover.startup_grace_period = '1s'");
        await using var session = await Postgres.ConnectAsync(Database, "autoctl_node");
        (await session.RowsAsync("select setting from pgautofailover.settings where name like '%grace%'")).ShouldBe(["1000"]);
    }
}
