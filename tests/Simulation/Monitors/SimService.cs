using Microsoft.Extensions.Logging;
using PgAutoFailover.Core.Groups;
using PgAutoFailover.Core.Rules;
using PgAutoFailover.Monitor;
using PgAutoFailover.Monitor.Api;
using PgAutoFailover.Monitor.Groups;
using PgAutoFailover.Monitor.Hooks;
using PgAutoFailover.Monitor.Probes;
using PgAutoFailover.Monitor.Settings;
using PgAutoFailover.Monitor.Store;
using PgAutoFailover.Simulation.Checks;
using PgAutoFailover.Simulation.Scheduling;
using PgAutoFailover.Simulation.Stories;
using PgAutoFailover.Simulation.Worlds;

namespace PgAutoFailover.Simulation.Monitors;

/// <summary>
/// The monitor's service as <see cref="MonitorService"/> puts it together, in one process of the simulated world: all of it is the real
/// one, but for the store, the probes' connections and the socket.
/// </summary>
internal sealed class SimService
{
    private readonly World _world;
    private readonly SimMonitor _monitor;
    private readonly MonitorClock _clock;
    private readonly SettingsSource _settings;
    private readonly ILogger _log;

    public SimService(World world, SimMonitor monitor, Func<GroupView, MonitorSettings, Clock, Decision?> rules)
    {
        (_world, _monitor) = (world, monitor);
        Process = monitor.Host.NewProcess("service");
        _log = new StoryLog<SimService>(world.Story, "monitor", LogLevel.Information);
        _clock = new MonitorClock(monitor.Host.TimeOf(Process));
        _settings = new SettingsSource { Current = world.Plan.Settings, Rules = rules };
        Groups = new GroupRegistry(new SimStore(world, monitor, _clock), _clock, _settings, _log);
    }

    public SimProcess Process { get; }

    public GroupRegistry Groups { get; }

    /// <summary>Null until the service answers.</summary>
    public SqlApi? Api { get; private set; }

    public void Start() => Process.Post(_ => Guard(RunAsync()), null);

    /// <summary>The database is back: edits of the meantime were not heard of, and the nodes' silence is none of theirs.</summary>
    public void OnDatabaseBack() => Process.Post(_ =>
    {
        _clock.BeginGracePeriod();
        OnEdit();
    }, null);

    /// <summary>Somebody has edited the tables.</summary>
    public void OnEdit() => Process.Post(_ => Guard(ReloadAsync()), null);

    private async Task RunAsync()
    {
        var health = new HealthChecks(Groups, _clock, _settings, new SimProbes(_world, _monitor.Host, Process).OpenAsync, _log);
        Groups.Changed = health.Follow;
        while (!await TryLoadAsync())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100), _clock.Time);
        }

        _clock.BeginGracePeriod();
        var links = new KeeperLinks(Groups, IsServerUpAsync);
        var planned = new PlannedChanges((_, _) => Task.CompletedTask, _settings, _clock, _log);
        Api = new SqlApi(Groups, links, planned, _settings, _log);
        _world.Story.Tell("monitor", $"the service is ready");
        await Task.WhenAll(
            links.RunAsync(CancellationToken.None),
            health.RunAsync(CancellationToken.None),
            new ReportFlusher(Groups, _clock, _log).RunAsync(CancellationToken.None));
    }

    private async Task<bool> TryLoadAsync()
    {
        try
        {
            await Groups.ReloadAsync(CancellationToken.None);
            return true;
        }
        catch (StoreException)
        {
            return false;
        }
    }

    private async Task ReloadAsync()
    {
        // As the listener for edits does: tried again until it has worked.
        while (!await TryLoadAsync())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(200), _clock.Time);
        }
    }

    private async Task<bool> IsServerUpAsync(CancellationToken cancellationToken)
    {
        await Task.Delay(_world.Chance.Span(0.5, 3), _clock.Time, cancellationToken);
        return _monitor.DatabaseIsUp;
    }

    private void Guard(Task task) => _ = GuardAsync(task);

    private async Task GuardAsync(Task task)
    {
        try
        {
            await task;
        }
        catch (Exception e)
        {
            _world.Fail(ViolationKind.Crash, $"the monitor's service has failed: {e}");
        }
    }
}
