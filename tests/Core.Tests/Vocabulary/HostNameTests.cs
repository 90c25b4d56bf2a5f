using PgAutoFailover.Core.Vocabulary;
using Shouldly;
using Xunit;

namespace PgAutoFailover.Core.Tests.Vocabulary;

public sealed class HostNameTests
{
    [Theory]
    [InlineData("node1.example.com", "node1.example.com:5432")]
    [InlineData("192.0.2.7", "192.0.2.7:5432")]
    [InlineData("fd00::7", "[fd00::7]:5432")]
    [InlineData("::1", "[::1]:5432")]
    public void An_IPv6_address_stands_in_brackets_before_a_port(string host, string shown) => HostName.WithPort(host, 5432).ShouldBe(shown);
}
