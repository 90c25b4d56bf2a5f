using System.Net;
using PgAutoFailover.Postgres.Discovery;
using PgAutoFailover.Postgres.Server;
using PgAutoFailover.Postgres.Tests.Instances;
using Shouldly;
using Xunit;

namespace PgAutoFailover.Postgres.Tests.Discovery;

public sealed class DiscoveryTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Pg_ctl_is_found_along_PATH_and_tells_its_version()
    {
        var found = await PgCtlSearch.FindAsync(n => n == "PATH" ? "/nowhere:" + Path.GetDirectoryName(InstalledServer.PgCtl) : null, Token);

        found.ShouldBe(InstalledServer.PgCtl);
        (await PgCtlSearch.ReadMajorVersionAsync(found, Token)).ShouldBeInRange(PgCtlSearch.OldestSupported, PgCtlSearch.NewestSupported);
    }

    [Fact]
    public void Several_different_ones_are_listed_instead_of_guessed_at()
    {
        var error = Should.Throw<PostgresException>(() => PgCtlSearch.Choose(["/a/pg_ctl", "/b/pg_ctl"]));

        error.Message.ShouldContain("/a/pg_ctl, /b/pg_ctl");
        PgCtlSearch.Choose(["/a/pg_ctl", "/a/pg_ctl"]).ShouldBe("/a/pg_ctl");
        PgCtlSearch.Choose([]).ShouldBeNull();
    }

    [Fact]
    public async Task The_way_to_the_loopback_is_the_loopback()
    {
        (await OwnAddress.TowardsAsync("127.0.0.1", 5432, Token)).ShouldBe(IPAddress.Loopback);
        (await OwnAddress.NetworksOfAsync("127.0.0.1", Token)).ShouldBe(["127.0.0.0/8"]);
        (await OwnAddress.NetworksOfAsync("192.0.2.1", Token)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("192.168.17.130", 24, "192.168.17.0/24")]
    [InlineData("10.1.130.7", 17, "10.1.128.0/17")]
    [InlineData("10.1.2.3", 32, "10.1.2.3/32")]
    [InlineData("fd00::1234", 64, "fd00::/64")]
    public void A_network_is_an_address_without_its_host_bits(string address, int prefix, string network) =>
        new InterfaceAddress("eth0", IPAddress.Parse(address), prefix, HasGateway: false).Network.ShouldBe(network);
}
