using PgAutoFailover.Postgres.Server;
using PgAutoFailover.Simulation.Networks;
using PgAutoFailover.Simulation.Scheduling;
using PgAutoFailover.Simulation.Wal;
using PgAutoFailover.Simulation.Worlds;

namespace PgAutoFailover.Simulation.Servers;

/// <summary>What a node asks of another node's PostgreSQL over the network.</summary>
internal sealed class SimUpstreams(SimNode node, TimeProvider time)
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(2);

    public async Task<UpstreamIdentity> IdentifyAsync(Upstream upstream, CancellationToken cancellationToken) =>
        await AskAsync(upstream, server => new UpstreamIdentity(
            server.Data.SystemIdentifier, server.Data.Branch.Timeline, server.Data.End, server.Data.Branch.History()), cancellationToken);

    /// <summary>Asks for a checkpoint, which makes the control file say the present timeline.</summary>
    public async Task CheckpointAsync(Upstream upstream, CancellationToken cancellationToken) => await AskAsync(upstream, server =>
    {
        server.Data.ControlTimeline = server.Data.Branch.Timeline;
        return "done";
    }, cancellationToken);

    /// <summary>Copies the upstream, as it is when the copy ends.</summary>
    public async Task<DataDirectory> CopyAsync(Upstream upstream, TimeSpan duration, bool needsSlot, CancellationToken cancellationToken)
    {
        var first = await AskAsync(upstream, server => needsSlot && !server.Data.Slots.ContainsKey(SimNode.StandbyName(node.Id))
            ? throw new PostgresException("pg_basebackup failed: the replication slot does not exist")
            : server, cancellationToken);

        // Not in one go: a server that dies, or is not reached any more, ends it.
        for (var part = 0; part < 4; part++)
        {
            await Task.Delay(duration / 4, time, cancellationToken);
            if (node.World.StepPoint(node, "copy"))
            {
                await Task.Yield();
            }

            var server = await AskAsync(upstream, s => s, cancellationToken);
            if (!ReferenceEquals(server, first))
            {
                throw new PostgresException("the connection to the upstream was lost while copying");
            }
        }

        var source = first.Data;
        return new DataDirectory(source.SystemIdentifier, source.Branch)
        {
            Flushed = source.Flushed,
            MinRecovery = source.Flushed,
            Checkpoint = Math.Min(source.Checkpoint, source.Flushed),
            ControlTimeline = source.ControlTimeline,
            State = ClusterState.InArchiveRecovery,
            Hba = [.. source.Hba],
            StandbySignal = false,
        };
    }

    private async Task<T> AskAsync<T>(Upstream upstream, Func<PgInstance, T> question, CancellationToken cancellationToken)
    {
        var target = node.World.FindNode(upstream.Host, upstream.Port) ?? throw new PostgresException($"could not resolve {upstream.Host}");
        var call = new Call<T>((SimProcess)SynchronizationContext.Current!, node.Host, target.Host).Send(call => target.Pg.OnSession(server =>
        {
            if (server is not { Phase: PostgresPhase.Ready })
            {
                call.Fail(new PostgresException($"could not talk to {upstream}: connection refused"));
            }
            else if (!server.Data.Hba.Contains(node.Id))
            {
                call.Fail(new PostgresException($"could not talk to {upstream}: no pg_hba.conf entry"));
            }
            else
            {
                Answer(call, question, server);
            }
        }));
        try
        {
            return await call.Answer.WaitAsync(s_limit, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            throw new PostgresException($"could not talk to {upstream}: no answer");
        }
    }

    private static void Answer<T>(Call<T> call, Func<PgInstance, T> question, PgInstance server)
    {
        try
        {
            call.Reply(question(server));
        }
        catch (PostgresException e)
        {
            call.Fail(e);
        }
    }
}
