using System.Net;
using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Configuration;
using PgAutoFailover.Postgres.Connections;
using PgAutoFailover.Postgres.Discovery;

namespace PgAutoFailover.Cli.Services;

/// <summary>What nobody said and this machine knows: which PostgreSQL is installed, and by what name others reach this host.</summary>
internal static class Discoveries
{
    /// <summary>The configuration with pg_ctl and host name filled in where they are missing.</summary>
    /// <exception cref="CommandFailure">Nothing tells, or a host name is a new one that does not resolve.</exception>
    public static async Task<NodeConfig> CompleteAsync(NodeConfig config, ConfigPaths paths, CommandContext context, CancellationToken cancellationToken)
    {
        var pgCtl = config[ConfigKeys.PgCtl] ?? await PgCtlSearch.FindAsync(context.Environment, cancellationToken);
        if (!File.Exists(pgCtl))
        {
            throw CommandFailure.BadArguments($"\"{pgCtl}\" does not exist", "Give the path of pg_ctl with --pgctl");
        }

        await PgCtlSearch.ReadMajorVersionAsync(pgCtl, cancellationToken);
        config = config.With(ConfigKeys.PgCtl, Real(pgCtl));
        var kept = File.Exists(paths.ConfigFile) ? NodeConfig.Read(paths.ConfigFile) : null;
        await RequireResolvingAsync(ConfigKeys.ClientHostName, "--client-hostname", config, kept, cancellationToken);
        await RequireResolvingAsync(ConfigKeys.HostName, "--hostname", config, kept, cancellationToken);
        return config[ConfigKeys.HostName] is null
            ? config.With(ConfigKeys.HostName, await HostNameAsync(config, context, cancellationToken))
            : config;
    }

    /// <summary>
    /// Refuses a host name that nobody could reach this machine by. One that is kept already may be unknown for a while, as when name servers restart
    /// together with this service.
    /// </summary>
    /// <param name="option">By which it is given.</param>
    /// <param name="kept">The configuration before; null where there is none.</param>
    /// <exception cref="CommandFailure">It does not resolve.</exception>
    public static async Task RequireResolvingAsync(ConfigKey key, string option, NodeConfig config, NodeConfig? kept, CancellationToken cancellationToken)
    {
        if (config[key] is { } host && host != kept?[key] && await HostNames.AddressesOfAsync(host, cancellationToken) is [])
        {
            throw CommandFailure.BadArguments(
                $"Host name \"{host}\" does not resolve to any address; nothing was changed",
                $"Correct it in the DNS or in /etc/hosts, or give an address with {option}");
        }
    }

    private static async Task<string> HostNameAsync(NodeConfig config, CommandContext context, CancellationToken cancellationToken)
    {
        var address = config.MonitorUri is { } uri
            ? await TowardsMonitorAsync(ConnectionUri.Parse(uri), cancellationToken)
            : await OutwardAddress.FindAsync(context, cancellationToken);
        return await OwnAddress.NameOfAsync(address, cancellationToken);
    }

    private static async Task<IPAddress> TowardsMonitorAsync(ConnectionUri monitor, CancellationToken cancellationToken)
    {
        foreach (var host in monitor.Hosts)
        {
            if (await OwnAddress.TowardsAsync(host.Host, host.Port, cancellationToken) is { } address)
            {
                return address;
            }
        }

        throw CommandFailure.BadArguments(
            $"This machine has no way to the monitor at {string.Join(", ", monitor.Hosts)}, or does not know that name",
            "Correct the connection string of the monitor, or give the name or address of this machine with --hostname");
    }

    // A link in a directory of links has no pg_controldata beside it.
    private static string Real(string pgCtl) => File.Exists(Path.Join(Path.GetDirectoryName(pgCtl), "pg_controldata"))
        ? Path.GetFullPath(pgCtl)
        : new FileInfo(pgCtl).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? Path.GetFullPath(pgCtl);
}
