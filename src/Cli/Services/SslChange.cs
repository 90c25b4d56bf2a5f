using Microsoft.Extensions.Logging;
using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Configuration;
using PgAutoFailover.Cli.Files;
using PgAutoFailover.Cli.Logging;
using PgAutoFailover.Cli.Monitors;
using PgAutoFailover.Core.Vocabulary;
using PgAutoFailover.Postgres.Certificates;
using PgAutoFailover.Postgres.Connections;
using PgAutoFailover.Postgres.Server;
using PgAutoFailover.Postgres.Settings;

namespace PgAutoFailover.Cli.Services;

/// <summary>
/// Another choice of encryption for a node or a monitor that exists. All that can be known to go wrong is found out first: a standby that
/// does not accept its primary's certificate any more would stop replicating, and a keeper cut off from its monitor would stop its PostgreSQL.
/// </summary>
internal sealed class SslChange(LocalNode local, CommandContext context)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(50);

    /// <summary>Checks the new configuration, writes it, has the running service take it up, and waits until PostgreSQL has.</summary>
    /// <returns>The configuration that is in force.</returns>
    /// <exception cref="CommandFailure">It cannot work, and nothing was changed; or PostgreSQL does not take it up.</exception>
    public async Task<NodeConfig> RunAsync(NodeConfig chosen, CancellationToken cancellationToken)
    {
        var changed = local with { Config = WithMonitorUri(chosen) };
        CreateOptions.Check(changed.Config, context);
        if (changed.Config.MonitorUri is { } uri)
        {
            await CheckPeersAsync(changed, uri, cancellationToken);
        }

        changed.Config.Write(changed.Paths.ConfigFile);
        TellOfUnencryptedRules(changed.Config);
        if (RunningService.Find(changed.Paths) is not { } service)
        {
            context.Log.SslAtNextStart();
        }
        else
        {
            service.Send(Signal.Reload);
            await WaitUntilInForceAsync(changed, cancellationToken);
        }

        return changed.Config;
    }

    private static NodeConfig WithMonitorUri(NodeConfig config) => config.MonitorUri is not { } uri ? config : config.With(
        ConfigKeys.Monitor,
        ConnectionUri.Parse(uri)
            .With("sslmode", config[ConfigKeys.SslMode])
            .With("sslrootcert", config[ConfigKeys.CaFile])
            .With("sslcrl", config[ConfigKeys.CrlFile])
            .ToString());

    /// <summary>The monitor, and the node that this one follows, have to be reached in the new way.</summary>
    private async Task CheckPeersAsync(LocalNode changed, string uri, CancellationToken cancellationToken)
    {
        await using var monitor = await MonitorConnection.OpenAsync(new MonitorTarget(uri, changed), context, cancellationToken);
        var nodes = await CurrentState.ReadAsync(monitor, changed.Config[ConfigKeys.Formation]!, group: null, cancellationToken);
        if (RegisteredNode.Find(nodes, changed.Config) is not { } own
            || own.Reported is not (NodeState.Secondary or NodeState.CatchingUp)
            || nodes.Find(n => n.GroupId == own.GroupId && n.NodeId != own.NodeId && n.Reported.CanTakeWrites()) is not { } primary)
        {
            return;
        }

        await using var server = new LocalPostgresServer(PostgresOptionsOf.Node(changed, context), context.Loggers.CreateLogger<LocalPostgresServer>(), context.Time);
        try
        {
            await server.IdentifyAsync(new Upstream(primary.NodeId, primary.Name, primary.Host, primary.Port, own.NodeId), cancellationToken);
        }
        catch (PostgresException exception)
        {
            throw new CommandFailure(
                ExitCode.PostgresControl,
                $"This node could not follow its primary any more: {exception.Message}",
                $"{exception.Hint} Nothing was changed. Change the primary first, then its standbys",
                exception);
        }
    }

    /// <summary>No line of pg_hba.conf is changed, which is the operator's file: who wants to keep unencrypted sessions out has to know of the lines that let them in.</summary>
    private void TellOfUnencryptedRules(NodeConfig config)
    {
        var file = Path.Join(config.PgData, "pg_hba.conf");
        if (config.Number(ConfigKeys.SslActive) == 1 && File.Exists(file) && File.ReadLines(file).Any(l => l.Split((char[]?)null, 2)[0] == "host"))
        {
            context.Log.HbaAllowsUnencrypted(file);
        }
    }

    private async Task WaitUntilInForceAsync(LocalNode changed, CancellationToken cancellationToken)
    {
        var config = changed.Config;
        if (LocalPostgres.Read(config.PgData) is not { IsReady: true })
        {
            context.Log.SslAtNextStart();
            return;
        }

        var server = new HostAndPort(config[ConfigKeys.HostName]!, config.Number(ConfigKeys.Port));
        var ssl = PostgresOptionsOf.Ssl(config);
        var started = context.Time.GetTimestamp();
        while (!await IsInForceAsync(server, ssl, cancellationToken))
        {
            if (context.Time.GetElapsedTime(started) > s_patience)
            {
                throw new CommandFailure(
                    ExitCode.PostgresControl,
                    $"The configuration is changed, but within {s_patience.TotalSeconds:0} s PostgreSQL at {server} {(ssl.Active ? "has not shown the certificate" : "has not stopped to encrypt")}",
                    $"Look into the log of pg_autoctl, and into \"{Path.Join(config.PgData, "log")}\"; a setting of postgresql.auto.conf wins over the one that was changed");
            }

            await Task.Delay(s_look, context.Time, cancellationToken);
        }

        context.Log.SslIsInForce(ssl.Active ? "on" : "off", ssl.Mode);
    }

    private static async Task<bool> IsInForceAsync(HostAndPort server, SslOptions ssl, CancellationToken cancellationToken)
    {
        var shown = await ShownCertificate.ThumbprintAsync(server, cancellationToken);
        return ssl.Active ? shown is not null && shown == OwnCertificate.ThumbprintOf(ssl) : shown is null;
    }
}
