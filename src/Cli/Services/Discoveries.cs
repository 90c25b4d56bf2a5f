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
    /// <exception cref="CommandFailure">Nothing tells, or the host name is a new one that does not resolve.</exception>
    public static async Task<NodeConfig> CompleteAsync(NodeConfig config, ConfigPaths paths, CommandContext context, CancellationToken cancellationToken)
    {
        var pgCtl = config[ConfigKeys.PgCtl] ?? await PgCtlSearch.FindAsync(context.Environment, cancellationToken);
        if (!File.Exists(pgCtl))
        {
            throw CommandFailure.BadArguments($"\"{pgCtl}\" does not exist", "Give the path of pg_ctl with --pgctl");
        }

        await PgCtlSearch.ReadMajorVersionAsync(pgCtl, cancellationToken);
        config = config.With(ConfigKeys.PgCtl, Real(pgCtl));
        if (config[ConfigKeys.HostName] is not { } given)
        {
            return config.With(ConfigKeys.HostName, await HostNameAsync(config, context, cancellationToken));
        }

        // One that is kept already may be unknown for a while, as when name servers restart together with this service.
        if (!File.Exists(paths.ConfigFile) || NodeConfig.Read(paths.ConfigFile)[ConfigKeys.HostName] != given)
        {
            await RequireResolvingAsync(given, cancellationToken);
        }

        return config;
    }

    /// <summary>Refuses a host name that nobody could reach this machine by.</summary>
    /// <exception cref="CommandFailure">It does not resolve.</exception>
    public static async Task RequireResolvingAsync(string host, CancellationToken cancellationToken)
    {
        if (await HostNames.AddressesOfAsync(host, cancellationToken) is [])
        {
            throw CommandFailure.BadArguments(
                $"Host name \"{host}\" does not resolve to any address; nothing was changed",
                "Correct it in the DNS or in /etc/hosts, or give an address with --hostname");
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
