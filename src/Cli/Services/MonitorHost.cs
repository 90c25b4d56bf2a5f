using Microsoft.Extensions.Logging;
using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Configuration;
using PgAutoFailover.Cli.Http;
using PgAutoFailover.Cli.Logging;
using PgAutoFailover.Cli.Monitors;
using PgAutoFailover.Cli.Systemd;
using PgAutoFailover.Monitor;
using PgAutoFailover.Monitor.Schema;
using PgAutoFailover.Monitor.Service;
using PgAutoFailover.Postgres.Server;

namespace PgAutoFailover.Cli.Services;

/// <summary>
/// A monitor: its PostgreSQL and the service behind the SQL API. Creating one and running one are the same work, each step of
/// which is done only where it is missing; so an interrupted creation is finished by the next.
/// </summary>
/// <param name="create">A missing data directory is made.</param>
/// <param name="stay">Goes on as the service; otherwise everything stops once the monitor is ready.</param>
internal sealed class MonitorHost(LocalNode local, bool create, bool stay, CommandContext context) : IAsyncDisposable
{
    private readonly LocalPostgresServer _server = new(PostgresOptionsOf.Monitor(local, context), context.Loggers.CreateLogger<LocalPostgresServer>(), context.Time);

    // Long enough for somebody to notice and make room on a disk; the nodes go on meanwhile, and nobody fails over either way.
    private static readonly TimeSpan s_longestPause = TimeSpan.FromSeconds(60);

    private NodeConfig _config = local.Config;
    private volatile MonitorService? _service;
    private volatile PagesService? _pages;

    /// <returns>Exit code of the process.</returns>
    public Task<int> RunAsync() => new ServiceProcess(local.Paths, _server, context)
    {
        ServiceNames = ["postgres", "listener"],
        PrepareAsync = PrepareAsync,
        Compose = () => [new Service("postgres", WatchPostgresAsync, LongestPause: s_longestPause), new Service("listener", ListenAsync, EndsAll: !stay), .. Pages()],
        ReloadAsync = ReloadAsync,
        Status = () => _service?.Status is { } status ? StatusLine.Of(status) : null,
        MovesAsync = async (span, ct) => _service is { } service && await service.MovesAsync(span, ct),
    }.RunAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task PrepareAsync(CancellationToken cancellationToken)
    {
        if (!_server.DataDirectoryExists)
        {
            if (!create)
            {
                throw new CommandFailure(
                    ExitCode.PostgresControl,
                    $"There is no PostgreSQL cluster in \"{local.Paths.PgData}\"",
                    "Restore it from a backup, or create the monitor anew with \"pg_autoctl create monitor\"");
            }

            await _server.InitDbAsync(cancellationToken);
        }

        await _server.WriteSettingsAsync(cancellationToken);
        if (create)
        {
            await new MonitorDatabaseSetup(_server, ServiceAddress).RunAsync(cancellationToken);
        }

        await _server.StartAsync(cancellationToken);
    }

    /// <summary>The server keeps its postmaster running; this ends, to be started again, once it has given up.</summary>
    private async Task<ServiceEnd> WatchPostgresAsync(CancellationToken cancellationToken)
    {
        await _server.StartAsync(cancellationToken);
        while (true)
        {
            await _server.WaitForChangeAsync(cancellationToken);
            if (await _server.ObserveAsync(cancellationToken) is { Phase: PostgresPhase.Failed } observation)
            {
                throw new PostgresException(observation.Problem ?? "PostgreSQL does not start");
            }
        }
    }

    private async Task<ServiceEnd> ListenAsync(CancellationToken cancellationToken)
    {
        var service = new MonitorService(
            new MonitorServiceOptions
            {
                SocketDirectory = MonitorDatabaseSetup.SocketDirectory(local.Config),
                PgPort = local.Config.Number(ConfigKeys.Port),
                DbName = MonitorUri.Database,
                SuperUser = Environment.UserName,
                ServiceSocketDirectory = ServiceAddress.Directory,
            },
            context.Loggers.CreateLogger<MonitorService>(),
            context.Time);
        _service = service;
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var running = service.RunAsync(ending.Token);
        try
        {
            if (await Task.WhenAny(service.Ready, running) == service.Ready)
            {
                context.Log.MonitorIsReady(MonitorUri.Of(local.Config));
                if (!stay)
                {
                    await ending.CancelAsync();
                }
            }

            await running;
            return ServiceEnd.Done;
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            return ServiceEnd.Done;
        }
        catch (SchemaException exception)
        {
            context.Log.CommandFailed(exception.Message);
            context.Log.CommandHint(exception.Hint);
            return ServiceEnd.Fatal;
        }
    }

    private IEnumerable<Service> Pages() => stay ? [new Service("http", ServePagesAsync, IsQuiet: true)] : [];

    private async Task<ServiceEnd> ServePagesAsync(CancellationToken cancellationToken)
    {
        using var pages = new MonitorPages(() => _service?.Status, async ct => _service is { } running && await running.AcceptsSessionsAsync(ct));
        _pages = new PagesService(_config, pages.AnswerAsync, context.Log, context.Time);
        _pages.Reload(_config); // it may have changed in between
        await _pages.RunAsync(cancellationToken);
        return ServiceEnd.Done;
    }

    private ServiceAddress ServiceAddress => new(ServiceSocketPath.Directory(local.Paths));

    private async Task ReloadAsync(CancellationToken cancellationToken)
    {
        var changed = LocalNode.Load(local.Paths.PgData, context);
        _config = changed.Config;
        _pages?.Reload(_config);
        _server.Options = PostgresOptionsOf.Monitor(changed, context);
        await _server.WriteSettingsAsync(cancellationToken);
        await MonitorDatabaseSetup.AllowNodesAsync(_server, cancellationToken);
        await _server.ReloadAsync(cancellationToken);
    }
}
