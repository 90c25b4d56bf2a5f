using System.Threading.Channels;
using Microsoft.Extensions.Logging.Abstractions;
using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Monitors;
using PgAutoFailover.Postgres.Connections;

namespace PgAutoFailover.Cli.Watch;

/// <summary>
/// Reads the monitor each half second for as long as it runs. A monitor that fails or hangs costs its connection, and the next
/// round makes a new one.
/// </summary>
internal sealed class MonitorFeed(MonitorTarget target, string formation, int? group, int mostEvents, CommandContext context)
{
    /// <summary>How long a monitor may take to answer a round; a frozen one would take the driver's minute.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(3);

    // What the driver and the monitor say would be written across the picture.
    private readonly CommandContext _quietContext = context with { Log = NullLogger.Instance };
    private readonly EventHistory _events = new(formation, group, mostEvents);

    /// <summary>Why a monitor says nothing, not even that it cannot be reached.</summary>
    public const string Silent = "it hangs, or is cut off";

    public static TimeSpan Period { get; } = TimeSpan.FromMilliseconds(500);

    /// <summary>The first connection, for which an error is one of the command.</summary>
    /// <exception cref="CommandFailure">The monitor cannot be reached, or has no such formation.</exception>
    public async Task<MonitorConnection> ConnectAsync(CancellationToken cancellationToken)
    {
        var monitor = await MonitorConnection.OpenAsync(target, _quietContext, cancellationToken);
        await FormationGroup.RequireFormationAsync(monitor, formation, cancellationToken);
        return monitor;
    }

    /// <summary>Writes what it reads, or why it cannot. Takes the connection over.</summary>
    public async Task RunAsync(MonitorConnection first, ChannelWriter<Happening> happenings, CancellationToken cancellationToken)
    {
        MonitorConnection? monitor = first;
        using var timer = new PeriodicTimer(Period, context.Time);
        try
        {
            do
            {
                try
                {
                    monitor ??= await MonitorConnection.OpenAsync(target, _quietContext, cancellationToken);
                    await happenings.WriteAsync(new Happening.Read(await ReadInTimeAsync(monitor, cancellationToken)), cancellationToken);
                }
                catch (CommandFailure failure)
                {
                    await happenings.WriteAsync(new Happening.Failed(Reason(failure)), cancellationToken);
                    await CloseAsync();
                }
            }
            while (await timer.WaitForNextTickAsync(cancellationToken));
        }
        finally
        {
            await CloseAsync();
        }

        async Task CloseAsync()
        {
            _events.Clear();
            await (monitor?.DisposeAsync() ?? ValueTask.CompletedTask);
            monitor = null;
        }
    }

    private async Task<Snapshot> ReadInTimeAsync(MonitorConnection monitor, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(s_patience, context.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            return await ReadAsync(monitor, either.Token);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new CommandFailure(ExitCode.Monitor, Silent, inner: exception);
        }
    }

    // One line has to do, and where the monitor is, is known from the beginning.
    private static string Reason(CommandFailure failure) =>
        failure is not MonitorRefusal && failure.InnerException is { } inner and not OperationCanceledException
            ? ConnectionFailure.Describe(inner)
            : failure.Message;

    private async Task<Snapshot> ReadAsync(MonitorConnection monitor, CancellationToken cancellationToken)
    {
        var rows = await CurrentState.ReadAsync(monitor, formation, group, cancellationToken);
        var contacts = await NodeContacts.ReadAsync(monitor, formation, cancellationToken);
        var standbys = await monitor.ScalarAsync<int?>(
            "select number_sync_standbys from pgautofailover.formation where formationid = $1", cancellationToken, formation);
        var nodes = rows.ConvertAll(row => contacts.TryGetValue(row.NodeId, out var contact)
            ? new WatchedNode(row, contact.SinceReport, contact.SinceCheck)
            : new WatchedNode(row, SinceReport: null, SinceCheck: null));
        return new Snapshot(formation, standbys, nodes, await _events.ReadAsync(monitor, cancellationToken));
    }
}
