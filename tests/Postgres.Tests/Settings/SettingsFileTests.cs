using PgAutoFailover.Postgres.Settings;
using Shouldly;
using Xunit;

namespace PgAutoFailover.Postgres.Tests.Settings;

public sealed class SettingsFileTests
{
    private const long Gb = 1024L * 1024 * 1024;

    [Fact]
    public void A_data_node_has_the_settings_of_2_0_in_their_order_and_quicker_timeouts()
    {
        var options = new PostgresOptions { PgData = "/data", PgCtl = "/bin/pg_ctl", Port = 16461, SmallMemory = true };

        SettingsFile.Compose(options, majorVersion: 13, existing: "").ShouldBe(
            """
            # Settings by pg_auto_failover
            shared_preload_libraries = pg_stat_statements
            listen_addresses = '*'
            port = 16461
            max_wal_senders = 12
            max_replication_slots = 12
            wal_level = 'replica'
            wal_log_hints = on
            wal_sender_timeout = '5s'
            hot_standby_feedback = on
            hot_standby = on
            synchronous_commit = on
            logging_collector = on
            log_destination = stderr
            log_directory = log
            log_min_messages = info
            log_connections = off
            log_disconnections = off
            log_lock_waits = on
            ssl = off
            ssl_ciphers = 'ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-AES128-SHA256:ECDHE-ECDSA-AES256-SHA384:ECDHE-RSA-AES128-SHA256:ECDHE-RSA-AES256-SHA384'
            wal_keep_size = '8 GB'
            wal_retrieve_retry_interval = '200ms'
            wal_receiver_status_interval = '1s'
            wal_receiver_timeout = '3s'

            # basic tuning computed by pg_auto_failover
            track_functions = pl
            shared_buffers = '128 MB'
            work_mem = '4 MB'
            maintenance_work_mem = '64 MB'
            effective_cache_size = '4 GB'
            autovacuum_max_workers = 3
            autovacuum_vacuum_scale_factor = 0.08
            autovacuum_analyze_scale_factor = 0.02


            """);
    }

    [Theory]
    [InlineData(13, false)]
    [InlineData(14, true)]
    [InlineData(18, true)]
    public void A_setting_that_a_version_does_not_know_is_left_out(int majorVersion, bool knowsSyncMethod) =>
        SettingsFile.Compose(new PostgresOptions { PgData = "/data", PgCtl = "/bin/pg_ctl" }, majorVersion, existing: "")
            .Contains("\nrecovery_init_sync_method = syncfs\n", StringComparison.Ordinal).ShouldBe(knowsSyncMethod);

    [Fact]
    public void A_monitor_has_the_parameters_of_the_monitor_with_their_defaults()
    {
        var text = SettingsFile.Compose(new PostgresOptions { PgData = "/data", PgCtl = "/bin/pg_ctl", IsMonitor = true }, majorVersion: 15, existing: "");

        text.ShouldStartWith("# Settings by pg_auto_failover\ncluster_name = 'pg_auto_failover monitor'\nlisten_addresses = '*'\nport = 5432\nlog_destination = stderr\nlogging_collector = on\n");
        text.ShouldContain("\nlog_statement = ddl\nssl = off\n");
        text.ShouldContain("\npgautofailover.primary_demote_timeout = 30000\n");
        text.ShouldNotContain("shared_preload_libraries");
    }

    [Fact]
    public void The_tuning_block_of_an_existing_file_stays_whatever_the_machine_looks_like_now()
    {
        var options = new PostgresOptions { PgData = "/data", PgCtl = "/bin/pg_ctl" };

        SettingsFile.Compose(options, 15, $"old\n{MachineTuning.Header}\nshared_buffers = '1 MB'\n").ShouldEndWith($"\n\n{MachineTuning.Header}\nshared_buffers = '1 MB'\n");
    }

    [Fact]
    public void Certificates_and_password_encryption_follow_the_options()
    {
        var text = SettingsFile.Compose(
            new PostgresOptions
            {
                PgData = "/data",
                PgCtl = "/bin/pg_ctl",
                AuthMethod = "password",
                Ssl = new SslOptions { Active = true, CertFile = "/it's/server.crt", KeyFile = "/k" },
            },
            majorVersion: 15,
            existing: "");

        text.ShouldContain("password_encryption = 'scram-sha-256'\nssl = on\nssl_cert_file = '/it''s/server.crt'\nssl_key_file = '/k'\n");
    }

    [Theory]
    [InlineData(24, 24, 2, "'6 GB'", "'24 MB'", "'512 MB'")]
    [InlineData(24, 8, 2, "'2 GB'", "'24 MB'", "'512 MB'")]
    [InlineData(128, 128, 16, "'16 GB'", "'32 MB'", "'1 GB'")]
    [InlineData(512, 512, 64, "'32 GB'", "'64 MB'", "'2 GB'")]
    public void Memory_settings_follow_the_machine_and_leave_room_for_its_other_nodes(
        long total, long available, int cpus, string buffers, string work, string maintenance)
    {
        var tuning = MachineTuning.Compute(total * Gb, available * Gb, cpus, small: false).ToDictionary();

        tuning["shared_buffers"].ShouldBe(buffers.Replace("'6 GB'", "'6 GB'", StringComparison.Ordinal));
        tuning["work_mem"].ShouldBe(work);
        tuning["maintenance_work_mem"].ShouldBe(maintenance);
    }
}
