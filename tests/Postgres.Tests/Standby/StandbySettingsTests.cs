using PgAutoFailover.Core.Vocabulary;
using PgAutoFailover.Postgres.Server;
using PgAutoFailover.Postgres.Settings;
using PgAutoFailover.Postgres.Standby;
using Shouldly;
using Xunit;

namespace PgAutoFailover.Postgres.Tests.Standby;

public sealed class StandbySettingsTests
{
    private static readonly Upstream s_upstream = new(1, "node1", "localhost", 16461, OwnNodeId: 2);
    private static readonly PostgresOptions s_options = new() { PgData = "/data", PgCtl = "/bin/pg_ctl" };

    [Fact]
    public void A_standby_names_its_upstream_and_its_slot() => StandbySettings.Compose(s_options, s_upstream).ShouldBe(
        """
        # Settings by pg_auto_failover
        primary_conninfo = 'application_name=pgautofailover_standby_2 host=localhost port=16461 user=pgautofailover_replicator sslmode=prefer connect_timeout=2'
        primary_slot_name = 'pgautofailover_standby_2'
        recovery_target_timeline = 'latest'

        """);

    [Fact]
    public void Without_an_upstream_there_is_no_connection() =>
        StandbySettings.Compose(s_options, upstream: null).ShouldBe("# Settings by pg_auto_failover\nrecovery_target_timeline = 'latest'\n");

    [Fact]
    public void A_password_is_left_to_a_file_beside_the_data_directory()
    {
        var settings = StandbySettings.Compose(s_options with { PgData = "/it's data", ReplicationPassword = "secret" }, s_upstream);
        settings.ShouldContain(@"passfile=''/it\\''s data.pgpass'' sslmode");
        settings.ShouldNotContain("secret");
    }

    [Fact]
    public void What_a_program_gets_on_its_command_line_has_no_password() =>
        Conninfo.ForPrograms(s_upstream, s_options with { ReplicationPassword = "secret" }, "postgres").ShouldNotContain("secret");

    [Fact]
    public void A_history_file_lists_the_past_timelines()
    {
        var history = TimelineHistory.Parse("1\t0/3000060\tno recovery target specified\n\n2\t0/50000A0\tbefore 2026-11-21 10:00:00+00\n");

        history.ShouldBe([(1, Lsn.Parse("0/3000060")), (2, Lsn.Parse("0/50000A0"))]);
    }
}
