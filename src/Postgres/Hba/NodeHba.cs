using Microsoft.Extensions.Logging;
using PgAutoFailover.Core.Messages;
using PgAutoFailover.Core.Vocabulary;
using PgAutoFailover.Postgres.Connections;
using PgAutoFailover.Postgres.Discovery;
using PgAutoFailover.Postgres.Roles;
using PgAutoFailover.Postgres.Settings;
using PgAutoFailover.Postgres.Standby;

namespace PgAutoFailover.Postgres.Hba;

/// <summary>Which rules a data node needs.</summary>
internal sealed class NodeHba(HbaFile file, HbaAddress addresses, ILogger logger)
{
    /// <summary>Its own user from its own host, and the monitor's health checks.</summary>
    public async Task<bool> AllowOwnAsync(PostgresOptions options, IReadOnlyList<string> monitorHosts, CancellationToken cancellationToken)
    {
        var ssl = options.Ssl.Active;
        List<HbaRule> rules = [];
        if (options.UserName is { } userName)
        {
            var (database, user) = (HbaName.Of(options.DbName), HbaName.Of(userName));
            rules.Add(new HbaRule(ssl, database, user, options.HostName, options.AuthMethod));
            if (options.HbaLevel == HbaLevel.App)
            {
                var networks = await LocalNetworksAsync(options.HostName, monitorHosts, cancellationToken);
                rules.AddRange(networks.Select(lan => new HbaRule(ssl, database, user, lan, options.AuthMethod)));
            }
        }

        // It only ever opens a connection to see whether it is accepted; its password is no secret. One that is reached by a socket is on this host.
        rules.AddRange(monitorHosts
            .Select(h => h.StartsWith('/') ? options.HostName : h)
            .Distinct(StringComparer.Ordinal)
            .Select(h => new HbaRule(ssl, HbaName.All, HbaName.Of(DataNodeRoles.MonitorRole), h, "trust")));
        return await AllowAsync(options, rules, cancellationToken);
    }

    /// <summary>Replication and rewind for other nodes.</summary>
    public Task<bool> AllowNodesAsync(PostgresOptions options, IReadOnlyList<NodeAddress> nodes, CancellationToken cancellationToken) => AllowAsync(
        options,
        [
            // The monitor refuses other hosts at registration; its tables may have been edited since.
            .. nodes.Where(n => HostName.IsValid(n.Host)).SelectMany(n => new[] { HbaName.Replication, HbaName.Of(options.DbName) }
                .Select(d => new HbaRule(options.Ssl.Active, d, HbaName.Of(Conninfo.Replicator), n.Host, options.AuthMethod))),
        ],
        cancellationToken);

    /// <summary>Adds rules whose address may be a host name. True when any was missing.</summary>
    public async Task<bool> AllowAsync(PostgresOptions options, IReadOnlyList<HbaRule> rules, CancellationToken cancellationToken)
    {
        var resolved = new List<HbaRule>();
        foreach (var rule in rules)
        {
            resolved.AddRange((await addresses.OfAsync(rule.Address, cancellationToken)).Select(a => rule with { Address = a }));
        }

        return file.Add(options, resolved);
    }

    // A name that stands for another machine's address, such as a router's, tells nothing: then the way to the monitor does.
    private async Task<IReadOnlyList<string>> LocalNetworksAsync(string hostName, IReadOnlyList<string> monitorHosts, CancellationToken cancellationToken)
    {
        var networks = await OwnAddress.NetworksOfAsync(hostName, cancellationToken);
        if (networks.Count == 0 && monitorHosts.FirstOrDefault(h => !h.StartsWith('/')) is { } monitor
            && await OwnAddress.TowardsAsync(monitor, ConnectionUri.DefaultPort, cancellationToken) is { } address)
        {
            networks = await OwnAddress.NetworksOfAsync(address.ToString(), cancellationToken);
        }

        if (networks.Count == 0)
        {
            Log.NoLocalNetwork(logger, hostName);
        }

        return networks;
    }
}
