using PgAutoFailover.Core.Groups;
using PgAutoFailover.Core.Vocabulary;

namespace PgAutoFailover.Monitor.Probes;

/// <summary>
/// Turns outcomes of probes into what column <c>node.health</c> says: good at once; bad after 1 + health_check_max_retries attempts,
/// which also must span that many retry delays, because the probes of a node that lost its keeper come in a much faster row.
/// </summary>
internal sealed class ProbeTally
{
    private int _failures;
    private TimeSpan _failingSince;

    public bool IsFailing => _failures > 0;

    /// <summary>Notes the outcome of a probe; null as long as further attempts are due.</summary>
    public Health? Note(ProbeOutcome outcome, TimeSpan now, MonitorSettings settings)
    {
        if (ProvesThatItRuns(outcome))
        {
            _failures = 0;
            return Health.Good;
        }

        if (_failures++ == 0)
        {
            _failingSince = now;
        }

        return _failures > settings.HealthCheckMaxRetries && now - _failingSince >= settings.HealthCheckRetryDelay * settings.HealthCheckMaxRetries
            ? Health.Bad
            : null;
    }

    // As in 2.0: wrong credentials still are an answer of a server that runs; "starting up" is not.
    private static bool ProvesThatItRuns(ProbeOutcome outcome) => outcome is ProbeOutcome.Accepting or ProbeOutcome.NotAccepting;
}
