using System.Globalization;
using System.Text.Json;
using PgAutoFailover.Core.Groups;
using PgAutoFailover.Core.Rules;
using PgAutoFailover.Keeper.Monitor;
using PgAutoFailover.Monitor.Api;
using PgAutoFailover.Monitor.Service;
using PgAutoFailover.Monitor.Store;
using PgAutoFailover.Simulation.Checks;
using PgAutoFailover.Simulation.Networks;
using PgAutoFailover.Simulation.Scheduling;
using PgAutoFailover.Simulation.Worlds;

namespace PgAutoFailover.Simulation.Monitors;

/// <summary>
/// The monitor's host: its database with the tables, the sessions of keepers and operators, and the service behind the SQL API. The
/// database and the service live and die separately.
/// </summary>
internal sealed class SimMonitor
{
    private readonly World _world;
    private readonly Func<GroupView, MonitorSettings, Clock, Decision?> _rules;
    private readonly List<MonitorSession> _sessions = [];
    private readonly List<(SimProcess Process, SimHost Host, Action<StateChange> Hear, Action Lost)> _listeners = [];
    private long _connections;

    public SimMonitor(World world, SimHost host, Func<GroupView, MonitorSettings, Clock, Decision?> rules)
    {
        (_world, Host, _rules) = (world, host, rules);
        Database = host.NewProcess("database");
    }

    public SimHost Host { get; }

    public SimTables Tables { get; } = new();

    /// <summary>What carries out commits; another one after each restart.</summary>
    public SimProcess Database { get; private set; }

    public bool DatabaseIsUp { get; private set; } = true;

    /// <summary>The database goes down: connections break.</summary>
    public Action? DatabaseDown { get; set; }

    public SimService? Service { get; private set; }

    public void StartService()
    {
        Service = new SimService(_world, this, _rules);
        Service.Start();
    }

    /// <summary>The service dies; whoever waits for its answer gets an error from the database.</summary>
    public void KillService()
    {
        if (Service is not { } service)
        {
            return;
        }

        _world.Story.Tell("monitor", $"the service is killed");
        service.Process.Kill();
        Service = null;
        foreach (var session in _sessions.Where(s => ReferenceEquals(s.Service, service)).ToList())
        {
            (session.Connection, session.Service, session.IsBusy) = (null, null, false);
            session.Fail?.Invoke(Unreachable("the service has ended the connection"));
            session.Fail = null;
        }
    }

    /// <summary>The database goes down, and all sessions with it. What it was carrying out is committed or not.</summary>
    public void StopDatabase(bool silently = false)
    {
        if (!DatabaseIsUp)
        {
            return;
        }

        _world.Story.Tell("monitor", $"the database goes down");
        DatabaseIsUp = false;
        Database.Kill();
        var (sessions, listeners) = (_sessions.ToArray(), _listeners.ToArray());
        _sessions.Clear();
        _listeners.Clear();
        foreach (var session in sessions)
        {
            session.IsOpen = false;
            CloseConnection(session);
            if (!silently)
            {
                _world.Network.Carry(Host, session.Host, session.Client, static s => ((MonitorSession)s!).TellEnd(), session);
            }
        }

        foreach (var (process, host, _, lost) in silently ? [] : listeners)
        {
            _world.Network.Carry(Host, host, process, static s => ((Action)s!)(), lost);
        }

        DatabaseDown?.Invoke();
        DatabaseDown = null;
    }

    public void StartDatabase()
    {
        if (DatabaseIsUp || !Host.IsUp)
        {
            return;
        }

        (DatabaseIsUp, Database) = (true, Host.NewProcess("database"));
        _world.Story.Tell("monitor", $"the database is up");
        Service?.OnDatabaseBack();
    }

    public void PowerOff()
    {
        _world.Story.Tell("monitor", $"the host loses power");
        StopDatabase(silently: true);
        KillService();
        Host.PowerOff();
    }

    public void PowerOn()
    {
        if (!Host.IsUp)
        {
            Host.Boot();
        }

        StartDatabase();
        if (Service is null)
        {
            StartService();
        }
    }

    /// <summary>A commit has become durable: notifications go out, and it is judged.</summary>
    public void Committed(GroupCommit commit)
    {
        foreach (var node in commit.Announcements.SelectMany(a => a.Nodes))
        {
            Notify(new StateChange(
                commit.After.Formation.Id, commit.After.GroupId, node.Id, node.Name, node.Host, node.Port, node.Reported, node.Goal, "unknown"));
        }

        _world.Ledger.Committed(commit);
        if (_world.FindGroup(commit.After.Formation.Id) is { } group)
        {
            _world.Acknowledgers.CheckNames(group);
            _world.RowsChanged?.Invoke(group);
        }
    }

    /// <summary>A client opens a session. On this host; null when nothing listens.</summary>
    public MonitorSession? Open(SimProcess client, SimHost host, Action onEnd)
    {
        if (!DatabaseIsUp)
        {
            return null;
        }

        var session = new MonitorSession(client, host, onEnd);
        _sessions.Add(session);
        return session;
    }

    /// <summary>The client has closed its connection, or died.</summary>
    public void ClientLeft(MonitorSession session)
    {
        session.ClientHasLeft = true;
        if (!session.IsBusy && session.IsOpen)
        {
            End(session);
        }
    }

    public void Listen(SimProcess process, SimHost host, Action<StateChange> hear, Action lost)
    {
        _listeners.RemoveAll(l => l.Hear == hear);
        _listeners.Add((process, host, hear, lost));
    }

    public bool IsListening(Action<StateChange> hear) => _listeners.Exists(l => l.Hear == hear);

    public void StopListening(SimProcess process) => _listeners.RemoveAll(l => ReferenceEquals(l.Process, process));

    /// <summary>Breaks the connections of a client, as a firewall that forgot them does.</summary>
    public void Reset(SimHost client)
    {
        foreach (var session in _sessions.Where(s => s.Host == client).ToList())
        {
            _world.Network.Carry(Host, client, session.Client, static s => ((MonitorSession)s!).TellEnd(), session);
            ClientLeft(session);
        }

        foreach (var (process, host, _, lost) in _listeners.Where(l => l.Host == client).ToList())
        {
            StopListening(process);
            _world.Network.Carry(Host, host, process, static s => ((Action)s!)(), lost);
        }
    }

    /// <summary>A function of the SQL API that the service answers, called in a session. On this host.</summary>
    public void CallService(MonitorSession session, string function, string argumentsJson, Call<JsonDocument> call)
    {
        if (!session.IsOpen || !DatabaseIsUp)
        {
            call.Fail(Unreachable("the connection was reset"));
            return;
        }

        if (Service is not { Api: { } api } service)
        {
            call.Fail(Unreachable("the service of the monitor is not running"));
            return;
        }

        if (!ReferenceEquals(session.Service, service))
        {
            (session.Service, session.Connection) = (service, new ServiceConnection(++_connections));
        }

        (session.IsBusy, session.Fail) = (true, call.Fail);
        var json = string.Create(CultureInfo.InvariantCulture, $"{{\"fn\":\"{function}\",\"args\":{argumentsJson},\"user\":\"sim\",\"pid\":1}}");
        service.Process.Post(_ => _ = AnswerAsync(api, session, json, call), null);
    }

    /// <summary>An operator edits the tables with psql.</summary>
    public void Edit(GroupView rows)
    {
        Tables.Put(rows);
        Service?.OnEdit();
    }

    public static MonitorException Unreachable(string why) => new($"the monitor cannot be reached: {why}");

    private async Task AnswerAsync(SqlApi api, MonitorSession session, string json, Call<JsonDocument> call)
    {
        ServiceReply reply;
        try
        {
            reply = await api.HandleAsync(session.Connection!, json, CancellationToken.None); // set by the caller
        }
        catch (Exception e)
        {
            _world.Fail(ViolationKind.Crash, $"a request of the SQL API failed: {json}: {e}");
            return;
        }

        (session.IsBusy, session.Fail) = (false, null);
        if (session.ClientHasLeft && session.IsOpen)
        {
            End(session);
        }
        else if (session.IsOpen)
        {
            Send(reply, call);
        }
    }

    private void Send(ServiceReply reply, Call<JsonDocument> call)
    {
        if (reply.Error is { } error)
        {
            // As the driver's user sees them: a server that goes down is one that is not there.
            call.Fail(error.SqlState.StartsWith("57P", StringComparison.Ordinal)
                ? Unreachable(error.Message)
                : new MonitorException(error.Message) { SqlState = error.SqlState, Detail = error.Detail, Hint = error.Hint });
            return;
        }

        var document = JsonDocument.Parse(reply.Json!); // without an error there is a document
        GoalCheck.Told(_world, document.RootElement.GetProperty("result"));
        call.Reply(document);
    }

    private void End(MonitorSession session)
    {
        session.IsOpen = false;
        _sessions.Remove(session);
        CloseConnection(session);
    }

    private static void CloseConnection(MonitorSession session)
    {
        if (session is { Service: { Api: { } api, Process.IsDead: false } service, Connection: { } connection })
        {
            service.Process.Post(_ => api.ConnectionClosed(connection), null);
        }

        (session.Service, session.Connection) = (null, null);
    }

    private void Notify(StateChange change)
    {
        foreach (var listener in _listeners)
        {
            _world.Network.Carry(Host, listener.Host, listener.Process, static s =>
            {
                var (hear, change) = ((Action<StateChange>, StateChange))s!;
                hear(change);
            }, (listener.Hear, change));
        }
    }
}
