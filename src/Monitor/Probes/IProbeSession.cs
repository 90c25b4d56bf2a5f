using PgAutoFailover.Core.Vocabulary;

namespace PgAutoFailover.Monitor.Probes;

/// <summary>A session with a node's PostgreSQL that is held, so that its end is seen at once. The simulator has a second implementation.</summary>
internal interface IProbeSession : IAsyncDisposable
{
    /// <summary>Completes when the server ends the session or the connection breaks; never fails.</summary>
    Task Ended { get; }

    /// <summary>Asks for an answer on the held session. Throws when the session has ended or is cancelled.</summary>
    Task PingAsync(CancellationToken cancellationToken);
}

/// <summary>Tries to open a session with a node's PostgreSQL. There is one only where the outcome is <see cref="ProbeOutcome.Accepting"/>.</summary>
/// <remarks>Throws where the network fails; see <see cref="ProbeFailure"/>.</remarks>
internal delegate Task<(ProbeOutcome Outcome, IProbeSession? Session)> OpenProbe(string host, int port, CancellationToken cancellationToken);
