using System.Collections.Immutable;
using PgAutoFailover.Core.Groups;
using PgAutoFailover.Core.Operations;
using PgAutoFailover.Monitor;
using PgAutoFailover.Monitor.Store;
using PgAutoFailover.Simulation.Scheduling;
using PgAutoFailover.Simulation.Worlds;

namespace PgAutoFailover.Simulation.Monitors;

/// <summary>
/// The second implementation of <see cref="IMonitorStore"/>: the monitor's database as one service sees it. A commit that was sent is
/// carried out by the database whether the service lives to hear of it or not.
/// </summary>
internal sealed class SimStore(World world, SimMonitor monitor, MonitorClock clock) : IMonitorStore
{
    private TimeSpan ToWorld => world.Now - clock.Now;

    public async Task<CommitResult> CommitAsync(GroupCommit commit, TimeSpan now, CancellationToken cancellationToken)
    {
        ThrowIfDown();
        var chance = world.Chance;
        var database = monitor.Database;
        var answer = new TaskCompletionSource<CommitResult>();
        var toWorld = ToWorld;
        var service = (SimProcess)SynchronizationContext.Current!; // everything runs in a process
        world.Scheduler.After(chance.Span(0.3, chance.Is(0.01) ? 800 : 2), database, _ =>
        {
            var isWritten = monitor.Tables.Write(commit.Before, commit.After, toWorld);
            if (isWritten)
            {
                monitor.Committed(commit);
            }

            world.Scheduler.After(chance.Span(0.1, 0.5), service, _ => answer.TrySetResult(isWritten ? CommitResult.Done : CommitResult.Conflict), null);
        }, null);
        monitor.DatabaseDown += Lose;
        try
        {
            return await answer.Task;
        }
        finally
        {
            monitor.DatabaseDown -= Lose;
        }

        void Lose() => world.Scheduler.Post(service, _ => answer.TrySetException(new StoreException("the connection to the monitor's database was lost")), null);
    }

    public async Task<ImmutableArray<GroupView>> LoadAsync(TimeSpan now, CancellationToken cancellationToken)
    {
        await PassAsync(cancellationToken);
        return [.. monitor.Tables.Groups.Select(g => SimTables.Read(g, ToWorld))];
    }

    public async Task<GroupView?> LoadGroupAsync(string formationId, int groupId, TimeSpan now, CancellationToken cancellationToken)
    {
        await PassAsync(cancellationToken);
        return monitor.Tables.Find(formationId) is { } rows ? SimTables.Read(rows, ToWorld) : null;
    }

    public async Task FlushReportsAsync(IReadOnlyCollection<NodeView> nodes, TimeSpan now, CancellationToken cancellationToken)
    {
        await PassAsync(cancellationToken);
        foreach (var node in nodes)
        {
            monitor.Tables.Flush(node, ToWorld);
        }
    }

    public async Task<long> NextNodeIdAsync(CancellationToken cancellationToken)
    {
        await PassAsync(cancellationToken);
        return monitor.Tables.NextNodeId();
    }

    public async Task<bool> MayHaveRegisteredAsync(long nodeId, string registrationId, CancellationToken cancellationToken)
    {
        await PassAsync(cancellationToken);
        return monitor.Tables.HasRegistered(registrationId);
    }

    public async Task<CommitResult> CreateFormationAsync(NewFormation formation, CancellationToken cancellationToken)
    {
        await PassAsync(cancellationToken);
        if (monitor.Tables.Find(formation.Id) is not null)
        {
            return CommitResult.Refused(new ApiError(ApiError.UniqueViolation, $"formation {formation.Id} exists"));
        }

        monitor.Tables.Put(new GroupView(
            new Formation(formation.Id, FormationKind.Pgsql, formation.DbName, formation.OptSecondary, formation.NumberSyncStandbys), 0, []));
        return CommitResult.Done;
    }

    public Task<CommitResult> DropFormationAsync(string formationId, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<ImmutableArray<long>> ReplaceZeroSystemIdentifierAsync(int groupId, long systemIdentifier, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    // A connection to a database that goes down breaks, and leaves it open what has become of what was sent.
    private async Task PassAsync(CancellationToken cancellationToken)
    {
        ThrowIfDown();
        var database = monitor.Database;
        await Task.Delay(world.Chance.Span(0.2, 1), clock.Time, cancellationToken);
        if (!ReferenceEquals(database, monitor.Database) || !monitor.DatabaseIsUp)
        {
            throw new StoreException("the connection to the monitor's database was lost");
        }
    }

    private void ThrowIfDown()
    {
        if (!monitor.DatabaseIsUp)
        {
            throw new StoreException("connection refused");
        }
    }
}
