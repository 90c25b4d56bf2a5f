using PgAutoFailover.Simulation.Worlds;

namespace PgAutoFailover.Simulation.Servers;

/// <summary>One replication connection: a walsender of the upstream and the walreceiver of a standby, which may each see its end at another time.</summary>
internal sealed class WalStream(SimNode upNode, PgInstance up, SimNode downNode, PgInstance down, string name)
{
    /// <summary>PostgreSQL's <c>wal_sender_timeout</c> as this product sets it.</summary>
    private static readonly TimeSpan s_senderTimeout = TimeSpan.FromSeconds(5);

    public string Name => name;

    public SimNode UpNode => upNode;

    public PgInstance Up => up;

    public PgInstance Down => down;

    /// <summary>Records that were sent.</summary>
    public int Sent { get; set; }

    /// <summary>Records whose flush was confirmed; −1 before the first answer.</summary>
    public int Confirmed { get; private set; } = -1;

    /// <summary>The walsender has sent all there was at some moment.</summary>
    public bool IsStreaming { get; private set; }

    public bool SenderHasEnded { get; private set; }

    public bool ReceiverHasEnded { get; private set; }

    public long LastReply { get; private set; } = upNode.World.Scheduler.Now;

    public long LastMessage { get; private set; }

    private World World => upNode.World;

    /// <summary>The walsender has not heard of its standby for too long.</summary>
    public bool SenderTimedOut => World.Scheduler.Now - LastReply > s_senderTimeout.Ticks;

    /// <summary>The standby is ready: the connection is established on both sides.</summary>
    public void Begin()
    {
        LastMessage = World.Scheduler.Now;
        Reply(wantsAnswer: true);
        Tick();
    }

    /// <summary>Sends what is flushed. Called on the upstream.</summary>
    public void Send()
    {
        var (data, from) = (up.Data, Sent);
        if (SenderHasEnded || Confirmed < 0 || (data.Flushed <= Sent && IsStreaming))
        {
            return;
        }

        Sent = data.Flushed;
        IsStreaming = true;
        var bytes = data.Branch.LsnAt(Sent).Value - data.Branch.LsnAt(Math.Min(from, Sent)).Value;
        World.Network.Carry(upNode.Host, downNode.Host, down.Process, static s =>
        {
            var (stream, count) = ((WalStream, int))s!;
            stream.Received(count);
        }, (this, Sent), TimeSpan.FromMilliseconds(bytes / 100_000.0));
    }

    /// <summary>The walsender's process is gone; the other side hears of it when a message gets through.</summary>
    public void EndSender()
    {
        if (!SenderHasEnded)
        {
            SenderHasEnded = true;
            World.Network.Carry(upNode.Host, downNode.Host, down.Process, static s => ((WalStream)s!).OnSenderEnded(), this);
        }
    }

    /// <summary>The walreceiver's process is gone.</summary>
    public void EndReceiver()
    {
        if (!ReceiverHasEnded)
        {
            ReceiverHasEnded = true;
            World.Network.Carry(downNode.Host, upNode.Host, up.Process, static s => ((WalStream)s!).OnReceiverEnded(), this);
        }
    }

    private void Received(int count)
    {
        if (ReceiverHasEnded)
        {
            return;
        }

        LastMessage = World.Scheduler.Now;
        var chance = World.Chance;
        World.Scheduler.After(chance.Span(0.2, chance.Is(0.02) ? 300 : 3), down.Process, static s =>
        {
            var (stream, count) = ((WalStream, int))s!;
            stream.Flush(count);
        }, (this, count));
    }

    private void Flush(int count)
    {
        if (ReceiverHasEnded)
        {
            return;
        }

        if (downNode.Host.DiskIsFull)
        {
            down.Kill("PANIC: could not write to file: No space left on device");
            return;
        }

        if (count > down.Data.Flushed)
        {
            down.Data.Flushed = count;
        }

        Reply(wantsAnswer: false);
    }

    // What the standby tells the walsender: how far it has flushed.
    private void Reply(bool wantsAnswer) => World.Network.Carry(downNode.Host, upNode.Host, up.Process, static s =>
    {
        var (stream, flushed, wantsAnswer) = ((WalStream, int, bool))s!;
        stream.OnReply(flushed, wantsAnswer);
    }, (this, down.Data.Flushed, wantsAnswer));

    private void OnReply(int flushed, bool wantsAnswer)
    {
        if (SenderHasEnded)
        {
            return;
        }

        LastReply = World.Scheduler.Now;
        var isFirst = Confirmed < 0;
        if (flushed > Confirmed)
        {
            Confirmed = flushed;
            if (!up.InRecovery)
            {
                up.Data.Slots[name] = flushed;
            }
        }

        if (wantsAnswer)
        {
            World.Network.Carry(upNode.Host, downNode.Host, down.Process, static s => ((WalStream)s!).OnKeepalive(), this);
            Send();
        }

        up.Commits.Release();
        if (isFirst)
        {
            World.Acknowledgers.Check(upNode.Group);
        }
    }

    private void OnKeepalive() => LastMessage = World.Scheduler.Now;

    private void OnSenderEnded()
    {
        if (!ReceiverHasEnded)
        {
            ReceiverHasEnded = true;
            down.Receiver.Lost(this);
        }
    }

    private void OnReceiverEnded()
    {
        SenderHasEnded = true;
        up.Senders.Forget(this);
    }

    // wal_receiver_status_interval is 1 s; after half of wal_receiver_timeout (3 s) without a message the receiver asks for one.
    private void Tick()
    {
        World.Scheduler.After(TimeSpan.FromSeconds(1), down.Process, static s => ((WalStream)s!).OnTick(), this);
    }

    private void OnTick()
    {
        if (ReceiverHasEnded)
        {
            return;
        }

        var silence = World.Scheduler.Now - LastMessage;
        if (silence > TimeSpan.TicksPerSecond * 3)
        {
            down.Receiver.End("no message from the upstream within wal_receiver_timeout");
            return;
        }

        Reply(wantsAnswer: silence > TimeSpan.TicksPerSecond * 12 / 10);
        Tick();
    }
}
