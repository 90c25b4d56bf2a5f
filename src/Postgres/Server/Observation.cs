using Npgsql;
using PgAutoFailover.Postgres.Postmasters;
using PgAutoFailover.Postgres.Sessions;

namespace PgAutoFailover.Postgres.Server;

/// <summary>One look at the server: what its process, its pid file and its answers say together.</summary>
internal sealed class Observation(PostmasterSupervisor supervisor, Observer observer)
{
    public async Task<PostgresObservation> LookAsync(CancellationToken cancellationToken)
    {
        var seen = await SeeAsync(cancellationToken);
        var state = supervisor.State;
        return seen.Phase == PostgresPhase.Ready
            ? seen with { RestartAttempts = state.Attempts }
            : seen with { IsToStop = !state.IsToRun, RestartAttempts = state.Attempts, DownFor = supervisor.DownFor, Problem = seen.Problem ?? state.Problem };
    }

    private async Task<PostgresObservation> SeeAsync(CancellationToken cancellationToken)
    {
        if (supervisor.Current is not { } postmaster)
        {
            return In(supervisor.State.HasGivenUp ? PostgresPhase.Failed : PostgresPhase.Down);
        }

        switch (postmaster.PidFile?.Status)
        {
            case PostmasterStatus.Stopping:
                return In(PostgresPhase.Stopping);
            case null or PostmasterStatus.Starting:
                return In(PostgresPhase.Starting);
        }

        try
        {
            return await observer.ObserveAsync(cancellationToken);
        }
        catch (Exception e) when (e is NpgsqlException or PostgresException or TimeoutException or IOException)
        {
            return supervisor.Current is null
                ? In(PostgresPhase.Down)
                : In(PostgresPhase.Starting, $"PostgreSQL runs with pid {postmaster.Pid} but does not answer: {e.Message}");
        }
    }

    private static PostgresObservation In(PostgresPhase phase, string? problem = null) => new() { Phase = phase, Problem = problem };
}
