using PgAutoFailover.Postgres.Server;
using PgAutoFailover.Simulation.Worlds;

namespace PgAutoFailover.Simulation.Servers;

/// <summary>The walreceiver of a standby: connects to the upstream that is configured, again and again.</summary>
internal sealed class WalReceiving(SimNode node, PgInstance instance)
{
    private static readonly TimeSpan s_retry = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan s_connectTimeout = TimeSpan.FromSeconds(2);

    private Upstream? _upstream;
    private int _attempt;
    private bool _isWaiting;
    private string? _refusal;

    public WalStream? Stream { get; private set; }

    /// <summary>The configuration that was loaded names this upstream, or none.</summary>
    public void Follow(Upstream? upstream)
    {
        if (upstream == _upstream)
        {
            return;
        }

        _upstream = upstream;
        End("its upstream has changed");
        Connect();
    }

    /// <summary>Ends the walreceiver. As long as there is an upstream, another one is started.</summary>
    public void End(string why)
    {
        _attempt++;
        if (Stream is { } stream)
        {
            Stream = null;
            node.World.Story.Tell(node.Name, $"does not receive from {stream.UpNode.Name} any more: {why}");
            stream.EndReceiver();
            node.World.Acknowledgers.Check(node.Group);
            ConnectLater();
        }
    }

    public void Lost(WalStream stream)
    {
        if (ReferenceEquals(stream, Stream))
        {
            Stream = null;
            node.World.Story.Tell(node.Name, $"the connection to {stream.UpNode.Name} has ended");
            ConnectLater();
        }
    }

    public WalReceiver? Observe() => Stream is { } stream && _upstream is { } upstream
        ? new WalReceiver(
            Streaming: true, upstream.Host, upstream.Port, instance.Data.Branch.Timeline, TimeSpan.FromTicks(node.World.Scheduler.Now - stream.LastMessage))
        : null;

    private void ConnectLater()
    {
        if (!_isWaiting && !instance.Process.IsDead)
        {
            _isWaiting = true;
            node.World.Scheduler.After(s_retry, instance.Process, static r => ((WalReceiving)r!).OnRetry(), this);
        }
    }

    private void OnRetry()
    {
        _isWaiting = false;
        Connect();
    }

    private void Connect()
    {
        if (_upstream is not { } upstream || Stream is not null || !instance.InRecovery || instance.Phase != PostgresPhase.Ready)
        {
            return;
        }

        var attempt = ++_attempt;
        node.World.Scheduler.After(s_connectTimeout, instance.Process, _ => Refused(attempt, "no answer"), null);
        if (node.World.FindNode(upstream.Host, upstream.Port) is { } upNode)
        {
            node.World.Network.Carry(node.Host, upNode.Host, upNode.Host.Kernel, _ => upNode.Pg.OnSession(server => Ask(upNode, server, attempt)), null);
        }
    }

    // On the upstream.
    private void Ask(SimNode upNode, PgInstance? server, int attempt)
    {
        WalStream? stream = null;
        var refusal = server is null
            ? "connection refused"
            : server.Senders.Accept(node, instance, SimNode.StandbyName(node.Id), out stream);
        node.World.Network.Carry(upNode.Host, node.Host, instance.Process, _ =>
        {
            if (stream is null)
            {
                Refused(attempt, refusal ?? "");
            }
            else if (attempt != _attempt || stream.SenderHasEnded)
            {
                stream.EndReceiver();
                ConnectLater();
            }
            else
            {
                Accepted(stream);
            }
        }, null);
    }

    private void Accepted(WalStream stream)
    {
        (Stream, _refusal) = (stream, null);
        if (instance.Data.Branch != stream.Up.Data.Branch)
        {
            // Whoever receives from here begins anew on the timeline that this server follows from now on, as PostgreSQL's cascading walsenders have it.
            instance.Senders.EndAll();
            instance.Data.Branch = stream.Up.Data.Branch;
        }

        node.World.Story.Tell(node.Name, $"receives from {stream.UpNode.Name}, from {instance.Data.End} on timeline {instance.Data.Branch.Timeline}");
        stream.Begin();
        node.World.Acknowledgers.Check(node.Group);
    }

    private void Refused(int attempt, string why)
    {
        if (attempt != _attempt || Stream is not null)
        {
            return;
        }

        _attempt++;
        if (why != _refusal)
        {
            _refusal = why;
            node.World.Story.Tell(node.Name, $"cannot receive from {_upstream?.Name}: {why}");
        }

        ConnectLater();
    }
}
