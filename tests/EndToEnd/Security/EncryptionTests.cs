using PgAutoFailover.EndToEnd.Pairs;
using PgAutoFailover.Harness.Certificates;
using PgAutoFailover.Harness.Clients;
using PgAutoFailover.Harness.Clusters;
using PgAutoFailover.Harness.Processes;

namespace PgAutoFailover.EndToEnd.Security;

/// <summary>
/// One pair through every choice of encryption, online and while an application writes: none, self-signed certificates, an authority's with
/// certificates for clients too, other certificates of it, and none again.
/// </summary>
public sealed class EncryptionTests : OwnClusterTest
{
    private const string CertificateMethod = "cert map=pgautofailover";
    private readonly CertificateAuthority _authority = new("authority of the test");
    private readonly CertificateAuthority _stranger = new("somebody else's authority");

    private CertificateFiles Files => field ??= new CertificateFiles(Cluster, _authority);

    [Fact]
    public async Task A_pair_is_encrypted_verified_and_opened_again_while_an_application_writes()
    {
        await MakeAsync(new ClusterOptions());
        Writer application = await Cluster.StartWriterAsync("application", Token);
        TestNode primary = Cluster.Primary;

        await EncryptWithSelfSignedCertificatesAsync();
        await VerifyCertificatesAsync();
        Cluster.Primary.ShouldBe(primary);
        await AuthenticateByCertificatesAsync();
        await ReplaceCertificatesAsync();
        await RefuseBadCertificatesOfTheirOwnAsync();
        await RefuseBadCertificatesOfTheMonitorAsync();
        await StopEncryptingAsync();

        await Cluster.UntilAcknowledgedAsync(application, Token);
        (await Cluster.MissingRowsAsync(Token)).ShouldBeEmpty();
    }

    protected override ValueTask CleanUpAsync()
    {
        _authority.Dispose();
        _stranger.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task EncryptWithSelfSignedCertificatesAsync()
    {
        TestNode primary = Cluster.Primary, standby = Cluster.Secondary;
        string before = await ConfigurationOfAsync(standby);
        ShouldBeRefused(await standby.AutoctlAsync(["enable", "ssl"], Token), ExitCodes.BadArguments);
        CommandResult early = await standby.AutoctlAsync(["enable", "ssl", "--ssl-self-signed"], Token);
        ShouldBeRefused(early, ExitCodes.MonitorError);

        (await Cluster.Monitor.AutoctlAsync(["enable", "ssl", "--ssl-self-signed"], Token)).Succeeded();
        early = await standby.AutoctlAsync(["enable", "ssl", "--ssl-self-signed"], Token);
        ShouldBeRefused(early, ExitCodes.PostgresControl);
        early.Error.ShouldContain("could not follow its primary any more");
        (await ConfigurationOfAsync(standby)).ShouldBe(before);

        foreach (TestNode node in new[] { primary, standby, standby })
        {
            CommandResult enabled = await node.AutoctlAsync(["enable", "ssl", "--ssl-self-signed"], Token);
            enabled.Succeeded().Error.ShouldContain("\"host\" go on letting unencrypted sessions in");
            (await ScalarAsync(node, "select current_setting('ssl')")).ShouldBe("on");
        }

        await UntilReplicationIsAsync(primary, encrypted: true);
        foreach (TestNode node in Cluster.Nodes)
        {
            (await node.AutoctlAsync(["config", "get", "pg_autoctl.monitor"], Token)).Succeeded().Output.ShouldContain("sslmode=require");
        }

        (await Cluster.Monitor.AutoctlAsync(["show", "uri"], Token)).Succeeded().Output.ShouldNotContain("sslmode=prefer");
        await Cluster.UntilSteadyAsync(Token);
    }

    private async Task VerifyCertificatesAsync()
    {
        TestNode primary = Cluster.Primary, standby = Cluster.Secondary;
        await Files.WriteAuthorityAsync(Token);
        await Files.WriteClientAsync(_authority.Issue(Account.Name, isServer: false), Token);
        foreach (TestNode node in new[] { Cluster.Monitor, primary, standby })
        {
            IssuedCertificate certificate = _authority.Issue(node.Host.Address);
            await Files.WriteAsync(node, certificate, Token);
            (await node.AutoctlAsync(["enable", "ssl", .. Files.OptionsFor(node)], Token)).Succeeded();
            (await CertificateFiles.ShownByAsync(node, Token)).ShouldBe(certificate.Thumbprint);
        }

        await UntilReplicationIsAsync(primary, encrypted: true);
        (await ScalarAsync(standby, "show primary_conninfo")).ShouldBeOfType<string>().ShouldContain("sslmode=verify-full");
        (await primary.AutoctlAsync(["show", "state"], Token)).Succeeded();
        await Cluster.UntilSteadyAsync(Token);
    }

    /// <summary>Every session over the network has to show a certificate now, be it of the keepers, of the commands or of the standby.</summary>
    private async Task AuthenticateByCertificatesAsync()
    {
        await AllowOnlyAsync(Cluster.Monitor, $"hostssl pg_auto_failover autoctl_node all {CertificateMethod}");
        foreach (TestNode node in Cluster.Nodes)
        {
            await AllowOnlyAsync(
                node,
                "host all pgautofailover_monitor all trust",
                "hostssl postgres postgres all trust",
                $"hostssl replication,postgres pgautofailover_replicator all {CertificateMethod}");
        }

        await Cluster.SqlAsync(Cluster.Monitor, "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'autoctl_node'", Token);
        await Cluster.UntilSteadyAsync(Token);
        (await Cluster.Monitor.AutoctlAsync(["perform", "switchover"], Token)).Succeeded();
        await Cluster.UntilSteadyAsync(Token);
        await UntilReplicationIsAsync(Cluster.Primary, encrypted: true, subject: "/CN=" + Account.Name);
        (await ScalarAsync(
            Cluster.Monitor,
            "select count(*) > 0 and bool_and(client_dn is not distinct from '/CN=" + Account.Name + "') from pg_stat_activity left join pg_stat_ssl using (pid) where usename = 'autoctl_node'"))
            .ShouldBe(true);

        (await Cluster.Nodes[0].AutoctlAsync(["show", "state"], Token)).Succeeded();
        await RefuseBadCertificatesOfClientsAsync();
    }

    /// <summary>Revocation takes a new list and a reload of the server; the sessions of the keepers go on.</summary>
    private async Task RefuseBadCertificatesOfClientsAsync()
    {
        IssuedCertificate revoked = _authority.Issue(Account.Name, isServer: false);
        _authority.Revoke(revoked);
        await Files.WriteAuthorityAsync(Token);
        await ReloadAsync(Cluster.Monitor);
        foreach ((IssuedCertificate certificate, string cause) in new[]
        {
            (_stranger.Issue(Account.Name, isServer: false), "unknown ca"),
            (_authority.Issue(Account.Name, isServer: false, days: -2), "certificate expired"),
            (revoked, "certificate revoked"),
        })
        {
            await Files.WriteClientAsync(certificate, Token);
            await Cluster.UntilAsync($"the monitor's refusal says \"{cause}\"", () => IsRefusedByMonitorAsync($"it does not accept the certificate of this side: {cause}"), Token);
        }

        // Signed, and for somebody whom the map does not know.
        await Files.WriteClientAsync(_authority.Issue("somebody", isServer: false), Token);
        await Cluster.UntilAsync("the monitor's refusal says whom it does not let in", () => IsRefusedByMonitorAsync("certificate authentication failed for user \"autoctl_node\""), Token);
        await Files.WriteClientAsync(_authority.Issue(Account.Name, isServer: false), Token);
    }

    // A server that refuses a client's certificate closes the connection at once: sometimes the end of it is seen before the reason.
    private async Task<bool> IsRefusedByMonitorAsync(string cause)
    {
        CommandResult refused = await Cluster.Nodes[0].AutoctlAsync(["show", "state"], Token);
        ShouldBeRefused(refused, ExitCodes.MonitorError);
        return refused.Error.Contains(cause, StringComparison.Ordinal);
    }

    private async Task ReplaceCertificatesAsync()
    {
        foreach (TestNode node in Cluster.Nodes.Prepend(Cluster.Monitor))
        {
            await ReplaceCertificateAsync(node, _authority.Issue(node.Host.Address));
        }

        await Cluster.UntilSteadyAsync(Token);
    }

    /// <summary>Certificates that others would refuse are not put into a configuration.</summary>
    private async Task RefuseBadCertificatesOfTheirOwnAsync()
    {
        TestNode node = Cluster.Secondary;
        string before = await ConfigurationOfAsync(node);
        IssuedCertificate good = _authority.Issue(node.Host.Address), revoked = _authority.Issue(node.Host.Address);
        _authority.Revoke(revoked);
        await Files.WriteAuthorityAsync(Token);
        foreach ((IssuedCertificate certificate, string cause) in new[]
        {
            (_stranger.Issue(node.Host.Address), "it is not signed by an authority"),
            (_authority.Issue(node.Host.Address, days: -2), "it has expired"),
            (_authority.Issue("elsewhere.example"), "it is for \"elsewhere.example\", not for"),
            (revoked, "it is revoked"),
            (good with { KeyPem = revoked.KeyPem }, "it is not the unencrypted private key"),
        })
        {
            await Files.WriteAsync(node, certificate, Token);
            CommandResult refused = await node.AutoctlAsync(["enable", "ssl", .. Files.OptionsFor(node)], Token);
            ShouldBeRefused(refused, ExitCodes.BadConfiguration);
            refused.Error.ShouldContain(cause);
            (await ConfigurationOfAsync(node)).ShouldBe(before);
        }

        await ReplaceCertificateAsync(node, good);
    }

    /// <summary>A monitor that shows one nevertheless is not talked to.</summary>
    private async Task RefuseBadCertificatesOfTheMonitorAsync()
    {
        TestNode monitor = Cluster.Monitor, node = Cluster.Nodes[0];
        IssuedCertificate revoked = _authority.Issue(monitor.Host.Address);
        _authority.Revoke(revoked);
        await Files.WriteAuthorityAsync(Token);
        foreach ((IssuedCertificate certificate, string cause) in new[]
        {
            (_stranger.Issue(monitor.Host.Address), "it is not signed by an authority"),
            (_authority.Issue(monitor.Host.Address, days: -2), "it has expired"),
            (_authority.Issue("elsewhere.example"), "it is for \"elsewhere.example\", not for"),
            (revoked, "it is revoked"),
        })
        {
            await ReplaceCertificateAsync(monitor, certificate);
            CommandResult refused = await node.AutoctlAsync(["show", "state"], Token);
            ShouldBeRefused(refused, ExitCodes.MonitorError);
            refused.Error.ShouldContain(cause);
        }

        await ReplaceCertificateAsync(monitor, _authority.Issue(monitor.Host.Address));
        (await node.AutoctlAsync(["show", "state"], Token)).Succeeded();
        await Cluster.UntilSteadyAsync(Token);
    }

    private async Task StopEncryptingAsync()
    {
        TestNode primary = Cluster.Primary, standby = Cluster.Secondary;
        CommandResult refused = await standby.AutoctlAsync(["disable", "ssl"], Token);
        ShouldBeRefused(refused, ExitCodes.BadConfiguration);
        refused.Error.ShouldContain("needs encryption");
        ShouldBeRefused(await standby.AutoctlAsync(["disable", "ssl", "--ssl-self-signed"], Token), ExitCodes.BadArguments);

        foreach (TestNode node in new[] { standby, primary, Cluster.Monitor })
        {
            (await node.AutoctlAsync(["config", "set", "postgresql.auth_method", "trust"], Token)).Succeeded();
            (await node.AutoctlAsync(["disable", "ssl"], Token)).Succeeded();
            (await CertificateFiles.ShownByAsync(node, Token)).ShouldBeNull();
        }

        await Cluster.UntilSteadyAsync(Token);
        foreach (TestNode node in Cluster.Nodes)
        {
            await File.AppendAllTextAsync(Path.Combine(node.DataDirectory, "pg_hba.conf"), "host postgres postgres all trust\n", Token);
            await ReloadAsync(node);
        }

        (await Cluster.Monitor.AutoctlAsync(["perform", "switchover"], Token)).Succeeded();
        await Cluster.UntilSteadyAsync(Token);
        await UntilReplicationIsAsync(Cluster.Primary, encrypted: false);
        (await Cluster.Monitor.AutoctlAsync(["show", "uri"], Token)).Succeeded().Output.ShouldNotContain("sslrootcert");
    }

    private async Task ReplaceCertificateAsync(TestNode node, IssuedCertificate certificate)
    {
        await Files.WriteAsync(node, certificate, Token);
        (await node.AutoctlAsync(["reload"], Token)).Succeeded();
        await Cluster.UntilAsync(
            $"{node.Name} shows its new certificate", async () => await CertificateFiles.ShownByAsync(node, Token) == certificate.Thumbprint, Token);
    }

    private async Task AllowOnlyAsync(TestNode node, params string[] rules)
    {
        (await node.AutoctlAsync(["config", "set", "postgresql.auth_method", CertificateMethod], Token)).Succeeded();
        await File.WriteAllLinesAsync(Path.Combine(node.DataDirectory, "pg_hba.conf"), ["local all all trust", .. rules], Token);
        await File.WriteAllTextAsync(
            Path.Combine(node.DataDirectory, "pg_ident.conf"),
            $"pgautofailover {Account.Name} autoctl_node\npgautofailover {Account.Name} pgautofailover_replicator\n",
            Token);
        await ReloadAsync(node);
    }

    private async Task ReloadAsync(TestNode node)
    {
        object? before = await ScalarAsync(node, "select pg_conf_load_time()");
        (await node.AutoctlAsync(["reload"], Token)).Succeeded();
        await Cluster.UntilAsync(
            $"PostgreSQL of {node.Name} has read its files again", async () => !Equals(await ScalarAsync(node, "select pg_conf_load_time()"), before), Token);
    }

    private Task UntilReplicationIsAsync(TestNode primary, bool encrypted, string? subject = null) => Cluster.UntilAsync(
        $"replication from {primary.Name} is {(encrypted ? "" : "not ")}encrypted",
        async () => await ScalarAsync(
            primary,
            $"select count(*) = 1 and bool_and(ssl = {encrypted}) and bool_and(client_dn is not distinct from {(subject is null ? "client_dn" : $"'{subject}'")}) from pg_stat_replication join pg_stat_ssl using (pid)") is true,
        Token);

    private Task<object?> ScalarAsync(TestNode node, string sql) => Cluster.ScalarAsync(node, sql, Token);

    private static async Task<string> ConfigurationOfAsync(TestNode node) => (await node.AutoctlAsync(["config", "get"], Token)).Succeeded().Output;
}
