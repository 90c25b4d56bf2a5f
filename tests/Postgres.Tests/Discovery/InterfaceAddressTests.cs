using System.Net;
using PgAutoFailover.Postgres.Discovery;
using Shouldly;
using Xunit;

namespace PgAutoFailover.Postgres.Tests.Discovery;

public sealed class InterfaceAddressTests
{
    private static readonly InterfaceAddress s_loopback = At("lo", "127.0.0.1");
    private static readonly InterfaceAddress s_linkLocal = At("eth0", "fe80::1");

    [Fact]
    public void Neither_the_loopback_nor_a_link_local_address_is_for_others() =>
        InterfaceAddress.ChooseFrom([s_loopback, At("lo", "::1"), s_linkLocal, At("eth0", "169.254.3.4")]).ShouldBeEmpty();

    [Fact]
    public void The_only_interface_gives_its_first_address_those_of_IPv4_before_those_of_IPv6()
    {
        var (v6, v4, second) = (At("eth0", "fd00::2"), At("eth0", "10.0.0.2"), At("eth0", "10.0.0.9"));

        InterfaceAddress.ChooseFrom([s_loopback, s_linkLocal, v6, v4, second]).ShouldBe([v4]);
        InterfaceAddress.ChooseFrom([s_loopback, s_linkLocal, v6]).ShouldBe([v6]);
    }

    [Fact]
    public void Of_several_interfaces_the_one_with_a_gateway_is_meant_and_without_any_nothing_tells()
    {
        var (bridge, lan) = (At("docker0", "172.17.0.1"), At("eth0", "10.0.0.2"));

        InterfaceAddress.ChooseFrom([bridge, lan]).ShouldBe([bridge, lan]);
        InterfaceAddress.ChooseFrom([bridge, lan with { HasGateway = true }]).ShouldBe([lan with { HasGateway = true }]);
    }

    private static InterfaceAddress At(string name, string address) => new(name, IPAddress.Parse(address), 24, HasGateway: false);
}
