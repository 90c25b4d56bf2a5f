using Npgsql;
using PgAutoFailover.Postgres.Connections;
using Shouldly;
using Xunit;

namespace PgAutoFailover.Postgres.Tests.Connections;

public sealed class ConnectionUriTests
{
    [Theory]
    [InlineData("postgres://autoctl_node@localhost:5500/pg_auto_failover?sslmode=prefer")]
    [InlineData("postgres://u:p%40ss%3A@h1:5432,h2:5433/db?target_session_attrs=read-write&sslmode=verify-ca&sslrootcert=/etc/ca.crt")]
    [InlineData("postgres://u@[::1]:5432/db")]
    [InlineData("postgres://h:5432")]
    public void What_is_parsed_is_printed_as_it_was(string uri) => ConnectionUri.Parse(uri).ToString().ShouldBe(uri);

    [Fact]
    public void Every_part_is_found()
    {
        var uri = ConnectionUri.Parse("postgresql://user%20name:se%2Fcret@h1,[fe80::1]:6000/my%20db?sslmode=require&connect_timeout=3");
        uri.Hosts.ShouldBe([new HostAndPort("h1", 5432), new HostAndPort("fe80::1", 6000)]);
        (uri.User, uri.Password, uri.Database).ShouldBe(("user name", "se/cret", "my db"));
        uri["sslmode"].ShouldBe("require");
        uri["sslcrl"].ShouldBeNull();
    }

    [Theory]
    [InlineData("localhost")]
    [InlineData("host=localhost port")]
    [InlineData("mysql://h/db?a=b")]
    [InlineData("postgres://h:99999/db")]
    [InlineData("postgres://h:x/db")]
    [InlineData("postgres://[::1/db")]
    [InlineData("postgres://h/db?sslmode")]
    public void Anything_else_is_refused(string text) => Should.Throw<FormatException>(() => ConnectionUri.Parse(text));

    [Theory]
    [InlineData("host=h port=6000 user=u dbname=d sslmode=require", "postgres://u@h:6000/d?sslmode=require")]
    [InlineData("host = h1,h2 user='a b' password='it\\'s'", "postgres://a%20b:it%27s@h1:5432,h2:5432")]
    [InlineData("hostaddr=127.0.0.1 dbname=d", "postgres://127.0.0.1:5432/d?hostaddr=127.0.0.1")]
    public void Keywords_become_a_URI(string text, string uri) => ConnectionUri.Parse(text).ToString().ShouldBe(uri);

    [Fact]
    public void An_address_beside_the_name_is_where_to_connect()
    {
        ConnectionUri.Parse("postgres://name:6000/d?hostaddr=127.0.0.9").ToConnectionString("test").Host.ShouldBe("127.0.0.9");
        ConnectionUri.Parse("host=a,b hostaddr=127.0.0.8,127.0.0.9 port=1,2").ToConnectionString("test").Host.ShouldBe("127.0.0.8:1,127.0.0.9:2");
        Should.Throw<FormatException>(() => ConnectionUri.Parse("host=a,b hostaddr=127.0.0.8").ToConnectionString("test"));
    }

    [Theory]
    [InlineData("postgres://h/d", "sslmode=require sslcrl=/crl")]
    [InlineData("postgres://h/d?sslmode=disable", "sslcrl=/crl")]
    [InlineData("postgres:///d?host=/tmp", "")]
    public void What_the_string_does_not_say_is_in_the_environment(string uri, string expected)
    {
        var environment = new Dictionary<string, string?>(StringComparer.Ordinal) { ["PGSSLMODE"] = "require", ["PGSSLCRL"] = "/crl", ["PGSSLKEY"] = "" };

        var missing = ConnectionEnvironment.MissingFrom(ConnectionUri.Parse(uri), environment.GetValueOrDefault);

        string.Join(' ', missing.Select(m => $"{m.Parameter}={m.Value}")).ShouldBe(expected);
    }

    [Fact]
    public void A_password_is_masked_for_messages() =>
        ConnectionUri.Parse("postgres://u:secret@h:1/db").ToMaskedString().ShouldBe("postgres://u:****@h:1/db");

    [Theory]
    [InlineData("sslmode=disable", SslMode.Disable)]
    [InlineData("sslmode=prefer", SslMode.Prefer)]
    [InlineData("sslmode=require", SslMode.Require)]
    [InlineData("sslmode=require&sslrootcert=/ca.crt", SslMode.VerifyCA)]
    [InlineData("sslmode=verify-full&sslrootcert=/ca.crt", SslMode.VerifyFull)]
    public void The_driver_gets_the_ssl_mode_that_libpq_would_use(string parameters, SslMode expected) =>
        ConnectionUri.Parse($"postgres://u@h:1/db?{parameters}").ToConnectionString("test").SslMode.ShouldBe(expected);

    [Theory]
    [InlineData("", ChannelBinding.Prefer)]
    [InlineData("?channel_binding=require", ChannelBinding.Require)]
    public void Channel_binding_is_required_where_the_operator_does(string parameters, ChannelBinding expected) =>
        ConnectionUri.Parse($"postgres://u@h:1/db{parameters}").ToConnectionString("test").ChannelBinding.ShouldBe(expected);

    [Theory]
    [InlineData("sslmode=sometimes")]
    [InlineData("connect_timeout=soon")]
    [InlineData("colour=blue")]
    [InlineData("channel_binding=sometimes")]
    [InlineData("gssencmode=require")]
    [InlineData("require_auth=scram-sha-256")]
    [InlineData("ssl_min_protocol_version=SSLv3")]
    public void A_parameter_that_means_nothing_is_refused(string parameter) =>
        Should.Throw<FormatException>(() => ConnectionUri.Parse($"postgres://u@h:1/db?{parameter}").ToConnectionString("test"));

    [Theory]
    [InlineData("h1:1,h2:2", "h1:1,h2:2")]
    [InlineData("[fd00::1]:1,[fd00::2]:2", "[fd00::1]:1,[fd00::2]:2")]
    [InlineData("[fd00::1]:1", "fd00::1")]
    public void Several_hosts_reach_the_driver_with_their_ports_and_one_without(string hosts, string expected) =>
        ConnectionUri.Parse($"postgres://u@{hosts}/db").ToConnectionString("test").Host.ShouldBe(expected);

    [Fact]
    public void A_password_file_that_others_may_read_is_not_used_as_libpq_does_not()
    {
        var file = Path.GetTempFileName();
        try
        {
            string? Used() => ConnectionUri.Parse($"postgres://u@h:1/db?passfile={file}").ToConnectionString("test").Passfile;
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            Used().ShouldBe(file);
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
            Used().ShouldBe("/dev/null");
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void A_parameter_can_be_changed_added_and_taken_away()
    {
        var uri = ConnectionUri.Parse("postgres://u@h:1/db?sslmode=prefer");
        uri.With("sslmode", "require").ToString().ShouldBe("postgres://u@h:1/db?sslmode=require");
        uri.With("sslcrl", "/crl").ToString().ShouldBe("postgres://u@h:1/db?sslmode=prefer&sslcrl=/crl");
        uri.With("sslmode", null).ToString().ShouldBe("postgres://u@h:1/db");
    }

    [Fact]
    public void What_the_driver_says_of_its_insides_is_said_in_words()
    {
        var rejected = new NpgsqlException("Exception while performing SSL handshake", new System.Security.Authentication.AuthenticationException("rejected"));
        var refused = new NpgsqlException("Failed to connect", new IOException("Connection refused"));

        ConnectionFailure.Describe(rejected).ShouldContain("certificate is not accepted");
        ConnectionFailure.Hint(rejected).ShouldNotBeNull();
        ConnectionFailure.Describe(refused).ShouldBe("Connection refused");
        ConnectionFailure.Hint(refused).ShouldBeNull();
    }

    [Fact]
    public void A_server_that_hangs_up_on_a_certificate_is_not_taken_for_one_that_is_away()
    {
        var reset = new NpgsqlException("Failed to connect", new IOException("", new System.Net.Sockets.SocketException((int)System.Net.Sockets.SocketError.ConnectionReset)));

        ConnectionFailure.Hint(reset, showsCertificate: true).ShouldNotBeNull().ShouldContain("does not accept the certificate of this side");
        ConnectionFailure.Hint(reset, showsCertificate: false).ShouldBeNull();
        ConnectionFailure.NamesCause(reset).ShouldBeFalse();
    }
}
