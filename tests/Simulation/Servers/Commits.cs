using PgAutoFailover.Simulation.Wal;
using PgAutoFailover.Simulation.Worlds;

namespace PgAutoFailover.Simulation.Servers;

/// <summary>
/// Commits of a primary, by PostgreSQL's rules: inserted, flushed, then waiting for synchronous standbys. Only after that does the
/// client hear of it; a crash while it waits leaves it durable perhaps, and unacknowledged.
/// </summary>
internal sealed class Commits(SimNode node, PgInstance instance)
{
    private readonly Queue<int> _flushing = new();
    private readonly Queue<int> _waiting = new();
    private bool _isFlushing;

    /// <summary>The value in force.</summary>
    public string SyncNames { get; private set; } = "";

    public SyncRule Rule { get; private set; } = SyncRule.None;

    public int Waiting => _waiting.Count;

    public void Write(int bytes)
    {
        _flushing.Enqueue(instance.Data.Branch.Append(bytes));
        if (!_isFlushing)
        {
            _isFlushing = true;
            var chance = node.World.Chance;
            node.World.Scheduler.After(chance.Span(0.2, chance.Is(0.02) ? 200 : 3), instance.Process, static c => ((Commits)c!).Flush(), this);
        }
    }

    /// <summary>A changed value comes into force. When nobody is waited for any more, who waits is released.</summary>
    public void SetSync(string names)
    {
        if (names == SyncNames)
        {
            return;
        }

        node.World.Story.Tell(node.Name, $"synchronous_standby_names = '{names}' is in force");
        (SyncNames, Rule) = (names, SyncRule.Parse(names));
        Release();
        node.World.Acknowledgers.Check(node.Group);
        node.World.Acknowledgers.CheckNames(node.Group);
    }

    /// <summary>Acknowledges what enough standbys have confirmed.</summary>
    public void Release()
    {
        if (_waiting.Count == 0 || !instance.TakesWrites)
        {
            return;
        }

        var confirmed = Rule.IsEmpty ? int.MaxValue : Rule.Confirmed(instance.Senders.Confirmations());
        while (_waiting.TryPeek(out var commit) && commit <= confirmed)
        {
            node.World.Ledger.Acknowledged(node, instance, _waiting.Dequeue());
        }
    }

    /// <summary>Their sessions have ended: nobody will hear of them.</summary>
    public void Forget()
    {
        _flushing.Clear();
        _waiting.Clear();
    }

    private void Flush()
    {
        _isFlushing = false;
        if (!instance.TakesWrites)
        {
            return;
        }

        instance.Data.Flushed = Math.Max(instance.Data.Flushed, instance.Data.Branch.Count);
        instance.Senders.Send();
        while (_flushing.TryDequeue(out var commit))
        {
            _waiting.Enqueue(commit);
        }

        Release();
    }
}
