using System.Collections.Immutable;
using System.Net.Sockets;

namespace PgAutoFailover.Harness.Clusters;

/// <summary>What a test's cluster is made of.</summary>
public sealed record ClusterOptions
{
    /// <summary>PostgreSQL nodes beside the monitor.</summary>
    public int Nodes { get; init; } = 2;

    /// <summary>One network namespace per host, so that links can be cut. Nodes let applications of that network in.</summary>
    public bool SeparateHosts { get; init; }

    /// <summary>With <see cref="SeparateHosts"/>: the only kind of addresses that there are.</summary>
    public AddressFamily Family { get; init; } = AddressFamily.InterNetwork;

    /// <summary>The services find out by themselves what others call their hosts.</summary>
    public bool DiscoversHosts { get; init; }

    /// <summary>Settings of the monitor's PostgreSQL; <see cref="MonitorSettings.Patient"/> leaves the defaults.</summary>
    public ImmutableDictionary<string, string> MonitorSettings { get; init; } = Clusters.MonitorSettings.Patient;

    /// <summary>Settings of each node's configuration file, given to <c>config set</c>.</summary>
    public ImmutableDictionary<string, string> NodeSettings { get; init; } = ImmutableDictionary<string, string>.Empty;

    public string Auth { get; init; } = "trust";
}

/// <summary>Sets of monitor settings that tests use.</summary>
public static class MonitorSettings
{
    /// <summary>The defaults: silence counts after 20 s, a primary gets 30 s to stop.</summary>
    public static ImmutableDictionary<string, string> Patient { get; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>Silence counts after about 3 s, for tests that would otherwise only wait.</summary>
    public static ImmutableDictionary<string, string> Impatient { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["pgautofailover.health_check_period"] = "500",
        ["pgautofailover.health_check_timeout"] = "500",
        ["pgautofailover.health_check_max_retries"] = "1",
        ["pgautofailover.health_check_retry_delay"] = "200",
        ["pgautofailover.node_considered_unhealthy_timeout"] = "3000",
        ["pgautofailover.startup_grace_period"] = "1000",
        ["pgautofailover.primary_demote_timeout"] = "6000",
    }.ToImmutableDictionary();

    /// <summary>A keeper that is cut off stops its PostgreSQL after 5 s, the least that there is: less than the monitor's 6 s, which rely on it.</summary>
    public static ImmutableDictionary<string, string> ImpatientKeeper { get; } = ImmutableDictionary<string, string>.Empty
        .Add("timeout.network_partition_timeout", "5");
}
