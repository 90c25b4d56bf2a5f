using PgAutoFailover.Monitor.Service;
using PgAutoFailover.Simulation.Scheduling;
using PgAutoFailover.Simulation.Worlds;

namespace PgAutoFailover.Simulation.Monitors;

/// <summary>A session of the monitor's database, and its connection to the service, which it keeps.</summary>
/// <param name="client">Told when the database ends the session.</param>
/// <param name="host">Where the client is.</param>
/// <param name="onEnd">What it is told.</param>
internal sealed class MonitorSession(SimProcess client, SimHost host, Action onEnd)
{
    public SimProcess Client => client;

    public SimHost Host => host;

    /// <summary>Made for the service that runs; another one after its restart.</summary>
    public ServiceConnection? Connection { get; set; }

    /// <summary>Which service <see cref="Connection"/> belongs to.</summary>
    public SimService? Service { get; set; }

    /// <summary>The database has not ended it.</summary>
    public bool IsOpen { get; set; } = true;

    /// <summary>The client has left; the session ends as soon as it notices.</summary>
    public bool ClientHasLeft { get; set; }

    /// <summary>A request is being answered.</summary>
    public bool IsBusy { get; set; }

    /// <summary>What is told to the client that waits for an answer when the service dies.</summary>
    public Action<Exception>? Fail { get; set; }

    public void TellEnd() => onEnd();
}
