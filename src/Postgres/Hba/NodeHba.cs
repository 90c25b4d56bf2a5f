using PgAutoFailover.Core.Messages;
using PgAutoFailover.Core.Vocabulary;
using PgAutoFailover.Postgres.Discovery;
using PgAutoFailover.Postgres.Roles;
using PgAutoFailover.Postgres.Settings;
using PgAutoFailover.Postgres.Standby;

namespace PgAutoFailover.Postgres.Hba;

/// <summary>Which rules a data node needs.</summary>
internal sealed class NodeHba(HbaFile file, HbaAddress addresses)
{
    /// <summary>Its own user from its own host, and the monitor's health checks.</summary>
    public async Task<bool> AllowOwnAsync(PostgresOptions options, string? monitorHost, CancellationToken cancellationToken)
    {
        var ssl = options.Ssl.Active;
        List<HbaRule> rules = [];
        if (options.UserName is { } user)
        {
            rules.Add(new HbaRule(ssl, options.DbName, user, options.HostName, options.AuthMethod));
            if (options.HbaLevel == HbaLevel.App && await OwnAddress.NetworkOfAsync(options.HostName, cancellationToken) is { } lan)
            {
                rules.Add(new HbaRule(ssl, options.DbName, user, lan, options.AuthMethod));
            }
        }

        if (monitorHost is not null)
        {
            // It only ever opens a connection to see whether it is accepted; its password is no secret.
            rules.Add(new HbaRule(ssl, HbaRule.AllDatabases, DataNodeRoles.MonitorRole, monitorHost, "trust"));
        }

        return await AllowAsync(options, rules, cancellationToken);
    }

    /// <summary>Replication and rewind for other nodes.</summary>
    public Task<bool> AllowNodesAsync(PostgresOptions options, IReadOnlyList<NodeAddress> nodes, CancellationToken cancellationToken) => AllowAsync(
        options,
        [
            // The monitor refuses other hosts at registration; its tables may have been edited since.
            .. nodes.Where(n => HostName.IsValid(n.Host)).SelectMany(n => new[] { HbaRule.Replication, options.DbName }
                .Select(d => new HbaRule(options.Ssl.Active, d, Conninfo.Replicator, n.Host, options.AuthMethod))),
        ],
        cancellationToken);

    /// <summary>Adds rules whose address may be a host name. True when any was missing.</summary>
    public async Task<bool> AllowAsync(PostgresOptions options, IReadOnlyList<HbaRule> rules, CancellationToken cancellationToken)
    {
        var resolved = new List<HbaRule>();
        foreach (var rule in rules)
        {
            resolved.Add(rule with { Address = await addresses.OfAsync(rule.Address, cancellationToken) });
        }

        return file.Add(options, resolved);
    }
}
