using PgAutoFailover.Core.Vocabulary;
using PgAutoFailover.Monitor.Probes;
using PgAutoFailover.Postgres.Server;
using PgAutoFailover.Simulation.Networks;
using PgAutoFailover.Simulation.Scheduling;
using PgAutoFailover.Simulation.Servers;
using PgAutoFailover.Simulation.Worlds;

namespace PgAutoFailover.Simulation.Monitors;

/// <summary>The monitor's probes of simulated servers.</summary>
internal sealed class SimProbes(World world, SimHost from, SimProcess process)
{
    public async Task<(ProbeOutcome Outcome, IProbeSession? Session)> OpenAsync(string host, int port, CancellationToken cancellationToken)
    {
        if (world.FindNode(host, port) is not { } node)
        {
            return (ProbeOutcome.TimedOut, null);
        }

        SimProbeSession? session = null;
        var call = new Call<ProbeOutcome>(process, from, node.Host).Send(call => node.Pg.OnSession(server =>
        {
            if (server is { Phase: PostgresPhase.Ready })
            {
                session = new SimProbeSession(world, from, process, node, server);
            }

            call.Reply(server switch
            {
                null => ProbeOutcome.Refused,
                { Phase: PostgresPhase.Ready } => ProbeOutcome.Accepting,
                _ => ProbeOutcome.StartingUp,
            });
        }));
        var outcome = await call.Answer.WaitAsync(cancellationToken);
        return (outcome, session);
    }

    private sealed class SimProbeSession : IProbeSession
    {
        private readonly TaskCompletionSource _ended = new();
        private readonly SimProcess _process;
        private readonly SimHost _from;
        private readonly SimNode _node;
        private readonly PgInstance _server;
        private readonly Action _onEnd;
        private Call<bool>? _pong;

        public SimProbeSession(World world, SimHost from, SimProcess process, SimNode node, PgInstance server)
        {
            (_process, _from, _node, _server) = (process, from, node, server);
            _onEnd = () => world.Network.Carry(node.Host, from, process, _ => End(), null);
            server.Sessions.Add(_onEnd);
        }

        public Task Ended => _ended.Task;

        public async Task PingAsync(CancellationToken cancellationToken)
        {
            _pong = new Call<bool>(_process, _from, _node.Host).Send(call => _node.Pg.OnSession(server =>
            {
                if (ReferenceEquals(server, _server))
                {
                    call.Reply(value: true);
                }
                else
                {
                    call.Fail(HasEnded());
                }
            }));
            await _pong.Answer.WaitAsync(cancellationToken);
        }

        public ValueTask DisposeAsync()
        {
            _server.Sessions.Remove(_onEnd);
            End();
            return default;
        }

        private void End()
        {
            _pong?.Abandon(HasEnded());
            _ended.TrySetResult();
        }

        private static EndOfStreamException HasEnded() => new("the server has ended the session");
    }
}
