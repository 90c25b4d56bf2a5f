using Microsoft.Extensions.Logging;
using Npgsql;
using PgAutoFailover.Monitor.Api;
using PgAutoFailover.Monitor.Groups;
using PgAutoFailover.Monitor.Hooks;
using PgAutoFailover.Monitor.Probes;
using PgAutoFailover.Monitor.Schema;
using PgAutoFailover.Monitor.Service;
using PgAutoFailover.Monitor.Settings;
using PgAutoFailover.Monitor.Store;

namespace PgAutoFailover.Monitor;

/// <summary>
/// The monitor behind its PostgreSQL: installs the schema, loads the groups, answers the SQL API, probes the nodes. It outlives
/// restarts of that PostgreSQL: decisions wait for it, everything else goes on.
/// </summary>
public sealed class MonitorService(MonitorServiceOptions options, ILogger<MonitorService> logger, TimeProvider time)
{
    private static readonly TimeSpan s_retryDelay = TimeSpan.FromMilliseconds(100);

    private volatile Func<MonitorStatus>? _status;
    private volatile MonitorDatabase? _database;
    private volatile GroupRegistry? _groups;

    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the schema is installed and the SQL API is answered for the first time.</summary>
    public Task Ready => _ready.Task;

    /// <summary>What is known now; null while the service does not run.</summary>
    public MonitorStatus? Status => _status?.Invoke();

    /// <summary>Whether the monitor's PostgreSQL accepts sessions now; false while the service does not run.</summary>
    public async Task<bool> AcceptsSessionsAsync(CancellationToken cancellationToken) =>
        _database is { } database && await database.AcceptsSessionsAsync(cancellationToken);

    /// <summary>
    /// Whether every group takes a turn within a span: what the service manager's watchdog asks. While PostgreSQL is away, or nothing runs between two
    /// lives of the service, there is nothing to find out: groups wait for PostgreSQL, and killing this process would not bring it back.
    /// </summary>
    public async Task<bool> MovesAsync(TimeSpan within, CancellationToken cancellationToken)
    {
        if (_groups is not { } groups)
        {
            return true;
        }

        try
        {
            // The turn of a tick: nothing happened but time.
            await Task.WhenAll(groups.All.Select(g => g.AskAsync(_ => null, cancellationToken))).WaitAsync(within, time, cancellationToken);
            return true;
        }
        catch (TimeoutException)
        {
            return !await AcceptsSessionsAsync(cancellationToken);
        }
    }

    /// <summary>Runs until cancelled.</summary>
    /// <exception cref="SchemaException">The database cannot be brought to this program's schema; the message is for an operator.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var address = new ServiceAddress(options.ServiceSocketDirectory);
        var clock = new MonitorClock(time);
        await using var database = new MonitorDatabase(options);
        await InstallAsync(database, address, cancellationToken);

        var settings = new SettingsSource();
        var watcher = new SettingsWatcher(database, settings, time, logger);
        await watcher.ReadAsync(cancellationToken);

        // One connection of the pool is the watcher's.
        using var store = new PostgresStore(database.Source, options.MaxPoolSize - 1);
        await using var groups = new GroupRegistry(store, clock, settings, logger);
        var health = new HealthChecks(groups, clock, settings, ProbeSession.OpenAsync, logger);
        groups.Changed = health.Follow;
        await groups.ReloadAsync(cancellationToken);
        clock.BeginGracePeriod();

        var links = new KeeperLinks(groups, database.AcceptsSessionsAsync);
        var flusher = new ReportFlusher(groups, clock, logger);
        await using var planned = new PlannedChanges(database.AskHooksAsync, settings, clock, logger);
        using var api = new SqlApi(groups, links, planned, settings, logger);
        using var socket = new ServiceSocket(address, api, time, logger);
        socket.Listen();
        _status = () => new MonitorStatus([.. groups.All.Select(g => g.View)], settings.Current, clock.Read());
        (_database, _groups) = (database, groups);
        _ready.TrySetResult();
        Log.ServiceIsReady(logger, groups.All.Sum(g => g.View.Nodes.Length));

        try
        {
            await RunTogetherAsync(
                [
                    socket.RunAsync, links.RunAsync, health.RunAsync, watcher.RunAsync, flusher.RunAsync,
                    new EditListener(database, groups, clock, logger).RunAsync, new SessionWatch(database, time, logger).RunAsync,
                ],
                cancellationToken);
        }
        finally
        {
            (_status, _database, _groups) = (null, null, null);
        }
    }

    /// <summary>Runs parts side by side until cancelled. None is meant to end: when one fails the others are stopped and its failure goes up.</summary>
    private static async Task RunTogetherAsync(IEnumerable<Func<CancellationToken, Task>> parts, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var running = parts.Select(part => Task.Run(() => part(stop.Token), CancellationToken.None)).ToList();
        var first = await Task.WhenAny(running);
        await stop.CancelAsync();
        await Task.WhenAll(running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!cancellationToken.IsCancellationRequested)
        {
            await first;
        }
    }

    private async Task InstallAsync(MonitorDatabase database, ServiceAddress address, CancellationToken cancellationToken)
    {
        var isLocked = false;
        while (true)
        {
            try
            {
                await using var connection = await database.OpenUnpooledAsync(cancellationToken);
                if (await SchemaInstaller.InstallAsync(connection, address, cancellationToken))
                {
                    Log.SchemaInstalled(logger, SchemaInstaller.Version, options.DbName);
                }

                if (await RestoredDatabase.MarkAsync(connection, cancellationToken))
                {
                    Log.DatabaseIsRestored(logger, options.DbName);
                }

                return;
            }
            catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.LockNotAvailable)
            {
                if (!isLocked)
                {
                    isLocked = true;
                    Log.SchemaIsLocked(logger, options.DbName);
                }
            }
            catch (NpgsqlException e) when (e is not PostgresException { SqlState: not (PostgresErrorCodes.CannotConnectNow or PostgresErrorCodes.AdminShutdown) })
            {
                Log.WaitingForDatabase(logger, e.Message);
            }

            await Task.Delay(s_retryDelay, time, cancellationToken);
        }
    }
}
