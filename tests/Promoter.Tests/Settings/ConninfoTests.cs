using PgAutoFailover.Postgres.Connections;
using PgAutoFailover.Promoter.Settings;

namespace PgAutoFailover.Promoter.Tests.Settings;

public sealed class ConninfoTests
{
    [Fact]
    public void Keywords_and_URIs_say_the_same()
    {
        var keywords = Conninfo.Parse(@"host=a port=5433 user=u dbname=d password='it\'s a \\ secret' sslmode=require application_name=x").Single();
        var uri = Conninfo.Parse(@"postgresql://u:it%27s%20a%20%5C%20secret@a:5433/d?sslmode=require").Single();

        keywords.Hosts.ShouldBe(uri.Hosts);
        (keywords.User, keywords.Password, keywords.Database, keywords["sslmode"]).ShouldBe((uri.User, uri.Password, uri.Database, uri["sslmode"]));
        keywords.Password.ShouldBe(@"it's a \ secret");
    }

    [Fact]
    public void What_pg_basebackup_writes_is_understood() =>
        Conninfo.Parse("user=postgres passfile='/var/lib/postgresql/.pgpass' channel_binding=prefer host=127.0.0.1 port=5432 sslmode=prefer sslcompression=0 sslcertmode=allow "
                + "sslsni=1 ssl_min_protocol_version=TLSv1.2 gssencmode=prefer krbsrvname=postgres gssdelegation=0 target_session_attrs=any load_balance_hosts=disable")
            .Single().ToConnectionString("t").ConnectionString.ShouldContain("Host=127.0.0.1");

    [Fact]
    public void Each_host_is_looked_at_by_itself()
    {
        Conninfo.Parse("host=a,b port=1,2").Select(h => h.Hosts.Single().ToString()).ShouldBe(["a:1", "b:2"]);
        Conninfo.Parse("host = a,b port = 7").Select(h => h.Hosts.Single().ToString()).ShouldBe(["a:7", "b:7"]);
    }

    [Fact]
    public void An_address_is_connected_to_unless_a_certificate_is_checked_against_the_name()
    {
        Conninfo.Parse("host=a hostaddr=10.0.0.1").Single().Hosts.Single().Host.ShouldBe("10.0.0.1");
        Conninfo.Parse("hostaddr=10.0.0.1").Single().Hosts.Single().Host.ShouldBe("10.0.0.1");
        Conninfo.Parse("host=a hostaddr=10.0.0.1 sslmode=verify-full").Single().Hosts.Single().Host.ShouldBe("a");
    }

    [Theory]
    [InlineData("")]
    [InlineData("user=x")]
    [InlineData("host=a port=none")]
    [InlineData("host=a port=1,2")]
    [InlineData("host=a password='open")]
    [InlineData("host=a nonsense=1")]
    [InlineData("host=a sslmode=never")]
    [InlineData("just words")]
    public void What_is_no_connection_string_is_refused(string text) => Should.Throw<FormatException>(() => Conninfo.Parse(text));

    [Theory]
    [InlineData("host=a password=my hunter2")]
    [InlineData("host=a password='hunter2")]
    [InlineData("postgresql://u:hunter2/x@a:b")]
    [InlineData("postgresql://u:pass/hunter2@a")]
    public void A_password_is_never_repeated(string text) => Should.Throw<FormatException>(() => Conninfo.Parse(text)).Message.ShouldNotContain("hunter2");

    [Fact]
    public void A_connection_string_may_ask_for_a_replication_connection_itself()
    {
        Conninfo.AsksForReplication("host=a replication=true").ShouldBeTrue();
        Conninfo.AsksForReplication("postgresql://a/?replication=true").ShouldBeTrue();
        Conninfo.AsksForReplication("host=a").ShouldBeFalse();
    }
}
