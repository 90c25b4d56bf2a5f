using System.Security.Cryptography.X509Certificates;
using PgAutoFailover.Harness.Certificates;
using PgAutoFailover.Postgres.Certificates;
using PgAutoFailover.Postgres.Connections;
using PgAutoFailover.Postgres.Settings;
using Shouldly;
using Xunit;

namespace PgAutoFailover.Postgres.Tests.Connections;

public sealed class ServerCertificateCheckTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("pgaf-certificates-").FullName;
    private readonly CertificateAuthority _authority = new("ours");
    private readonly CertificateAuthority _stranger = new("theirs");

    public ServerCertificateCheckTests()
    {
        File.WriteAllText(CaFile, _authority.Pem);
        File.WriteAllText(CrlFile, _authority.RevocationListPem);
    }

    private string CaFile => Path.Combine(_directory, "ca.crt");

    private string CrlFile => Path.Combine(_directory, "ca.crl");

    [Fact]
    public void A_certificate_of_the_authority_for_the_host_is_accepted()
    {
        Refusal(_authority.Issue("node1.example")).ShouldBeNull();
        Refusal(_authority.Issue("*.example")).ShouldBeNull();
    }

    [Fact]
    public void A_refusal_names_its_cause()
    {
        var revoked = _authority.Issue("node1.example");
        _authority.Revoke(revoked);
        File.WriteAllText(CrlFile, _stranger.RevocationListPem + _authority.RevocationListPem);

        Refusal(_stranger.Issue("node1.example")).ShouldBe($"it is not signed by an authority of \"{CaFile}\"");
        Refusal(_authority.Issue("node1.example", days: -3)).ShouldNotBeNull().ShouldStartWith("it has expired, on 2");
        Refusal(_authority.Issue("node2.example")).ShouldBe("it is for \"node2.example\", not for \"node1.example\"");
        Refusal(_authority.Issue("node1.example", isServer: false)).ShouldBe("it is not meant for servers");
        Refusal(revoked).ShouldNotBeNull().ShouldStartWith($"it is revoked: \"{CrlFile}\" lists");
        Refusal(_authority.Issue("node2.example"), host: null).ShouldBeNull();
    }

    [Theory]
    [InlineData("")]
    [InlineData("rubbish")]
    [InlineData("-----BEGIN X509 CRL-----\nAAAA\n-----END X509 CRL-----\n")]
    public void Files_that_cannot_be_read_refuse_everybody(string content)
    {
        var certificate = _authority.Issue("node1.example");
        File.WriteAllText(CrlFile, content);
        Refusal(certificate).ShouldNotBeNull().ShouldContain("cannot be read");

        File.WriteAllText(CrlFile, _authority.RevocationListPem);
        File.WriteAllText(CaFile, content);
        Refusal(certificate).ShouldNotBeNull();

        File.Delete(CaFile);
        Refusal(certificate).ShouldNotBeNull().ShouldContain("cannot be read");
    }

    [Fact]
    public void An_own_certificate_is_looked_at_as_others_will()
    {
        Problem(_authority.Issue("node1.example")).ShouldBeNull();
        Problem(_stranger.Issue("node1.example")).ShouldNotBeNull().ShouldContain("not signed");
        Problem(_authority.Issue("node1.example", days: -3)).ShouldNotBeNull().ShouldContain("expired");
        Problem(_authority.Issue("node1.example", days: -3), "require").ShouldNotBeNull().ShouldContain("expired");
        Problem(_stranger.Issue("elsewhere.example"), "require").ShouldBeNull();
    }

    [Fact]
    public void A_key_that_postgres_would_not_load_is_refused()
    {
        var good = _authority.Issue("node1.example");
        Problem(good with { KeyPem = _authority.Issue("node1.example").KeyPem }).ShouldNotBeNull().ShouldContain("not the unencrypted private key");
        Problem(good with { KeyPem = "rubbish" }).ShouldNotBeNull().ShouldContain("not the unencrypted private key");
        Problem(good with { Pem = "rubbish" }).ShouldNotBeNull().ShouldContain("holds no certificate");

        good.WriteTo(_directory, "server");
        File.SetUnixFileMode(Path.Combine(_directory, "server.key"), UnixFileMode.UserRead | UnixFileMode.OtherRead);
        Problem("verify-full").ShouldNotBeNull().ShouldContain("mode 0600");
    }

    public void Dispose()
    {
        _authority.Dispose();
        _stranger.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    private string? Refusal(IssuedCertificate issued, string? host = "node1.example")
    {
        using var certificate = X509Certificate2.CreateFromPem(issued.Pem);
        return new ServerCertificateCheck(CaFile, CrlFile).WhyRefused(certificate, [], host);
    }

    private string? Problem(IssuedCertificate issued, string mode = "verify-full")
    {
        issued.WriteTo(_directory, "server");
        return Problem(mode);
    }

    private string? Problem(string mode) => OwnCertificate.Problem(
        new SslOptions
        {
            Active = true,
            Mode = mode,
            CaFile = CaFile,
            CertFile = Path.Combine(_directory, "server.crt"),
            KeyFile = Path.Combine(_directory, "server.key"),
        },
        "node1.example",
        TimeProvider.System);
}
