using PgAutoFailover.Postgres.Server;
using PgAutoFailover.Simulation.Worlds;

namespace PgAutoFailover.Simulation.Servers;

/// <summary>The walsenders of a server.</summary>
internal sealed class WalSenders(SimNode node, PgInstance instance)
{
    private readonly List<WalStream> _streams = [];

    /// <summary>Every standby that is there has confirmed all.</summary>
    public bool AllHaveAll
    {
        get
        {
            Prune();
            return _streams.TrueForAll(s => s.Confirmed >= instance.Data.Flushed);
        }
    }

    /// <summary>What streaming standbys have confirmed.</summary>
    public IEnumerable<(string Name, int Flushed)> Confirmations()
    {
        foreach (var stream in _streams)
        {
            if (stream is { IsStreaming: true, Confirmed: >= 0 })
            {
                yield return (stream.Name, stream.Confirmed);
            }
        }
    }

    /// <summary>Standbys that could confirm something now: on both ends the connection is there.</summary>
    public IEnumerable<WalStream> Alive => _streams.Where(s => s is { ReceiverHasEnded: false, SenderHasEnded: false, Down.Process.IsDead: false });

    /// <summary>Sends what is new to all.</summary>
    public void Send()
    {
        foreach (var stream in _streams)
        {
            stream.Send();
        }
    }

    /// <summary>A standby asks for WAL. Returns why not, or null and a stream.</summary>
    public string? Accept(SimNode downNode, PgInstance down, string name, out WalStream? stream)
    {
        stream = null;
        Prune();

        // Its walreceiver ends with recovery, also while a server that is stopped has not looked at its connection yet.
        if (down.Process.IsDead || !down.InRecovery)
        {
            return "the connection has ended";
        }

        if ((Refusal(downNode, name) ?? WalMatch.Refusal(node, instance.Data, downNode, down.Data)) is { } refusal)
        {
            return refusal;
        }

        stream = new WalStream(node, instance, downNode, down, name) { Sent = down.Data.Flushed };
        _streams.Add(stream);
        return null;
    }

    public void Forget(WalStream stream)
    {
        _streams.Remove(stream);
        instance.Commits.Release();
    }

    public void EndAll()
    {
        foreach (var stream in _streams)
        {
            stream.EndSender();
        }

        _streams.Clear();
    }

    public IReadOnlyList<WalSender> Observe()
    {
        Prune();
        if (_streams.Count == 0)
        {
            return [];
        }

        var rule = instance.Commits.Rule;
        return _streams.ConvertAll(s => new WalSender(
            s.Name,
            s.IsStreaming ? "streaming" : "catchup",
            !rule.Lists(s.Name) ? "async" : rule.IsFirst ? "sync" : "quorum",
            instance.Data.Branch.LsnAt(Math.Max(0, s.Confirmed)),
            TimeSpan.FromTicks(node.World.Scheduler.Now - s.LastReply)));
    }

    private string? Refusal(SimNode downNode, string name) =>
        instance.Phase != PostgresPhase.Ready ? "the database system is not ready"
        : !instance.Data.Hba.Contains(downNode.Id) ? $"no pg_hba.conf entry for node {downNode.Id}"
        : !instance.Data.Slots.ContainsKey(name) ? $"replication slot \"{name}\" does not exist"
        : _streams.Exists(s => s.Name == name) ? $"replication slot \"{name}\" is active"
        : null;

    private void Prune()
    {
        for (var i = _streams.Count - 1; i >= 0; i--)
        {
            if (_streams[i].SenderTimedOut)
            {
                _streams[i].EndSender();
                _streams.RemoveAt(i);
            }
        }
    }
}
