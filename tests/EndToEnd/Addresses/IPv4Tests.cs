using PgAutoFailover.EndToEnd.Pairs;

namespace PgAutoFailover.EndToEnd.Addresses;

[Collection(nameof(SeparatedPair))]
public sealed class IPv4Tests(SeparatedPair pair) : ClusterTest(pair)
{
    [Fact]
    public Task Applications_of_the_local_network_are_let_in_and_those_of_another_are_not() =>
        LocalNetwork.ShouldBeLetInAloneAsync(Cluster, Cluster.Primary, Token);
}
