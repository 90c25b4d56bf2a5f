using System.Net.Sockets;
using PgAutoFailover.Harness.Clusters;
using PgAutoFailover.Harness.Networks;

namespace PgAutoFailover.EndToEnd.Pairs;

/// <summary>
/// A cluster that the tests of a collection use one after the other, because making one takes longer than most tests. A test that fails
/// throws it away, so that the next one does not inherit its ruins.
/// </summary>
public abstract class SharedCluster(ClusterOptions options) : IAsyncLifetime
{
    private Cluster? _cluster;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    /// <summary>The cluster at rest: the one of the previous test, or a new one.</summary>
    public async Task<Cluster> GetAsync(CancellationToken cancellationToken)
    {
        if (options.SeparateHosts)
        {
            Assert.SkipWhen(NamespaceNetwork.Unavailable is not null, NamespaceNetwork.Unavailable ?? "");
        }

        _cluster ??= await Cluster.CreateAsync(options, cancellationToken);
        await _cluster.UntilSteadyAsync(cancellationToken);
        return _cluster;
    }

    public async Task DiscardAsync()
    {
        if (_cluster is { } cluster)
        {
            _cluster = null;
            await cluster.DisposeAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await DiscardAsync();
        GC.SuppressFinalize(this);
    }
}

/// <summary>A pair on loopback with every setting at its default.</summary>
public sealed class DefaultPair() : SharedCluster(new ClusterOptions());

/// <summary>A pair on loopback that counts silence after seconds, for tests in which nothing but silence tells.</summary>
public sealed class ImpatientPair() : SharedCluster(
    new ClusterOptions { MonitorSettings = MonitorSettings.Impatient, NodeSettings = MonitorSettings.ImpatientKeeper });

/// <summary>An impatient pair on hosts of their own, whose links can be cut.</summary>
public sealed class SeparatedPair() : SharedCluster(
    new ClusterOptions { SeparateHosts = true, MonitorSettings = MonitorSettings.Impatient, NodeSettings = MonitorSettings.ImpatientKeeper });

/// <summary>A pair on hosts of their own that have IPv6 addresses alone, and are told no host name.</summary>
public sealed class IPv6Pair() : SharedCluster(
    new ClusterOptions { SeparateHosts = true, Family = AddressFamily.InterNetworkV6, DiscoversHosts = true });

/// <summary>Three nodes on loopback that count silence after seconds.</summary>
public sealed class ImpatientTrio() : SharedCluster(
    new ClusterOptions { Nodes = 3, MonitorSettings = MonitorSettings.Impatient, NodeSettings = MonitorSettings.ImpatientKeeper });

/// <summary>Four impatient nodes on hosts of their own.</summary>
public sealed class ImpatientQuartet() : SharedCluster(
    new ClusterOptions { Nodes = 4, SeparateHosts = true, MonitorSettings = MonitorSettings.Impatient, NodeSettings = MonitorSettings.ImpatientKeeper });

[CollectionDefinition(nameof(ImpatientQuartet))]
public sealed class ImpatientQuartetUsers : ICollectionFixture<ImpatientQuartet>;

[CollectionDefinition(nameof(ImpatientTrio))]
public sealed class ImpatientTrioUsers : ICollectionFixture<ImpatientTrio>;

[CollectionDefinition(nameof(DefaultPair))]
public sealed class DefaultPairUsers : ICollectionFixture<DefaultPair>;

[CollectionDefinition(nameof(ImpatientPair))]
public sealed class ImpatientPairUsers : ICollectionFixture<ImpatientPair>;

[CollectionDefinition(nameof(IPv6Pair))]
public sealed class IPv6PairUsers : ICollectionFixture<IPv6Pair>;

[CollectionDefinition(nameof(SeparatedPair))]
public sealed class SeparatedPairUsers : ICollectionFixture<SeparatedPair>;
