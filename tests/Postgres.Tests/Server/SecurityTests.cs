using Npgsql;
using PgAutoFailover.Postgres.Server;
using PgAutoFailover.Postgres.Settings;
using PgAutoFailover.Postgres.Tests.Instances;
using Shouldly;
using Xunit;

namespace PgAutoFailover.Postgres.Tests.Server;

public sealed class SecurityTests : PostgresTest
{
    private const string Password = @"it's a \ secret";

    [Fact]
    public async Task A_pair_with_passwords_and_self_signed_certificates_replicates_over_TLS()
    {
        static PostgresOptions Secure(PostgresOptions o) => o with
        {
            AuthMethod = "scram-sha-256",
            ReplicationPassword = Password,
            Ssl = new SslOptions { Active = true, Mode = "require", SelfSigned = true },
        };

        var primary = await KeepAsync(TestInstance.PrimaryAsync(Root, 1, Token, Secure));
        var standby = Keep(TestInstance.Create(Root, 2, Secure));
        await primary.Server.EnsureHbaAsync(monitorHosts: [], [standby.Address], Token);
        await primary.Server.EnsureSlotsAsync([standby.Address], Token);
        await primary.Server.CreateRolesAsync(["127.0.0.1"], Token);

        await standby.Server.BaseBackupAsync(primary.UpstreamFor(standby), Token);
        await standby.FollowAsync(primary, Token);

        (await primary.QueryAsync("select ssl from pg_stat_ssl join pg_stat_replication using (pid)", Token)).ShouldBe("True");
        (await standby.Server.IdentifyAsync(primary.UpstreamFor(standby), Token)).Timeline.ShouldBe(1);
        (await File.ReadAllTextAsync(Path.Combine(standby.Options.PgData, "server.crt"), Token))
            .ShouldNotBe(await File.ReadAllTextAsync(Path.Combine(primary.Options.PgData, "server.crt"), Token));
        File.GetUnixFileMode(Path.Combine(standby.Options.PgData, "server.key")).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        (primary.Log + standby.Log).ShouldNotContain("secret");
    }

    [Theory]
    [InlineData("scram-sha-256")]
    [InlineData("md5")]
    public async Task A_password_that_was_changed_reaches_the_role_and_no_log(string method)
    {
        var primary = await KeepAsync(TestInstance.PrimaryAsync(Root, 1, Token, o => o with { AuthMethod = method }));
        await primary.QueryAsync("alter system set log_statement = 'all'", Token);
        await primary.Server.ReloadAsync(Token);
        var standby = Keep(TestInstance.Create(Root, 2, o => o with { AuthMethod = method, ReplicationPassword = Password }));
        var hba = Path.Combine(primary.Options.PgData, "pg_hba.conf");
        await File.WriteAllTextAsync(hba, $"local all all trust\nhost replication,postgres pgautofailover_replicator 127.0.0.1/32 {method}\n", Token);
        await primary.Server.ReloadAsync(Token);

        primary.Server.Options = primary.Options with { ReplicationPassword = Password };
        await primary.Server.SetReplicationPasswordAsync(Token);
        (await standby.Server.IdentifyAsync(primary.UpstreamFor(standby), Token)).Timeline.ShouldBe(1);
        standby.Server.Options = standby.Options with { ReplicationPassword = "another" };
        var refused = await Should.ThrowAsync<PgAutoFailover.Postgres.Server.PostgresException>(() => standby.Server.IdentifyAsync(primary.UpstreamFor(standby), Token));
        refused.Message.ShouldEndWith(": password authentication failed for user \"pgautofailover_replicator\"");
        refused.Hint.ShouldNotBeNull().ShouldContain("replication.password");

        var logs = Directory.GetFiles(Path.Combine(primary.Options.PgData, "log")).Select(File.ReadAllText);
        string.Join('\n', logs).ShouldNotContain(Password);
        (await primary.QueryAsync("select count(*) from pg_stat_statements where query ~ 'secret|SCRAM-SHA|md5[0-9a-f]'", Token)).ShouldBe("0");
    }

    [Fact]
    public async Task A_password_that_was_changed_while_nobody_ran_is_taken_up_at_the_start_and_no_other_time()
    {
        static PostgresOptions Secure(PostgresOptions o) => o with { AuthMethod = "scram-sha-256", ReplicationPassword = Password };
        const string Stored = "select coalesce(rolpassword, 'none') from pg_authid where rolname = 'pgautofailover_replicator'";
        var primary = await KeepAsync(TestInstance.PrimaryAsync(Root, 1, Token, Secure));
        await File.WriteAllTextAsync(
            Path.Combine(primary.Options.PgData, "pg_hba.conf"), "local all all trust\nhost replication,postgres pgautofailover_replicator 127.0.0.1/32 scram-sha-256\n", Token);
        var standby = Keep(TestInstance.Create(Root, 2, Secure));
        await primary.Server.EnsureSlotsAsync([standby.Address], Token);
        await standby.Server.BaseBackupAsync(primary.UpstreamFor(standby), Token);
        await standby.FollowAsync(primary, Token);
        var first = await primary.QueryAsync(Stored, Token);
        foreach (var instance in new[] { standby, primary })
        {
            await instance.Server.StopAsync(StopMode.Fast, Token);
            instance.Server.Options = instance.Options with { ReplicationPassword = "another" };
        }

        await primary.Server.StartAsync(Token);
        (await primary.QueryAsync(Stored, Token)).ShouldNotBe(first);
        await standby.Server.StartAsync(Token);
        await standby.WaitUntilAsync(o => o.WalReceiver is { Streaming: true }, Token);

        // What an operator has set in the database since stays.
        await primary.QueryAsync("alter role pgautofailover_replicator password null", Token);
        await primary.Server.RestartAsync(Token);
        (await primary.QueryAsync(Stored, Token)).ShouldBe("none");
    }

    [Fact]
    public async Task The_roles_the_database_and_the_extension_are_made_once()
    {
        var instance = await KeepAsync(TestInstance.PrimaryAsync(Root, 1, Token, o => o with { UserName = "app", DbName = "App db" }));
        await instance.Server.CreateRolesAsync(["127.0.0.1", "192.0.2.7", "/run/postgresql"], Token);

        (await instance.QueryAsync("select string_agg(rolname || rolsuper || rolreplication || rolconnlimit, ' ' order by rolname) from pg_roles where rolname ~ '^(app|pgauto)'", Token))
            .ShouldBe("apptruefalse-1 pgautofailover_monitorfalsefalse1 pgautofailover_replicatortruetrue-1");
        (await instance.QueryAsync("select pg_get_userbyid(datdba) from pg_database where datname = 'App db'", Token)).ShouldBe("app");
        await using var connection = new NpgsqlConnection(instance.Server.LocalConnectionString("App db"));
        await connection.OpenAsync(Token);
        await using var command = new NpgsqlCommand("select extname from pg_extension where extname = 'pg_stat_statements'", connection);
        (await command.ExecuteScalarAsync(Token)).ShouldBe("pg_stat_statements");
        var hba = await File.ReadAllTextAsync(Path.Combine(instance.Options.PgData, "pg_hba.conf"), Token);
        hba.ShouldContain("host \"App db\" \"app\" 127.0.0.1/32 trust # Auto-generated");
        hba.ShouldContain("host all \"pgautofailover_monitor\" 127.0.0.1/32 trust # Auto-generated");
        hba.ShouldContain("host all \"pgautofailover_monitor\" 192.0.2.7/32 trust # Auto-generated");
        hba.ShouldNotContain("/run");
    }
}
