using PgAutoFailover.Simulation.Scheduling;
using PgAutoFailover.Simulation.Worlds;

namespace PgAutoFailover.Simulation.Networks;

/// <summary>
/// Who reaches whom, and how fast. It carries what TCP carries: nothing is lost as long as a connection lives, so what meets a cut path
/// waits and arrives some time after the path is whole again. Connections break by timeouts and by the death of processes, elsewhere.
/// </summary>
internal sealed class Network(World world)
{
    private readonly Dictionary<(int From, int To), List<Parcel>> _waiting = [];
    private readonly HashSet<(int From, int To)> _cut = [];

    /// <summary>Usual one-way delay, ms.</summary>
    public double LatencyMs { get; set; } = 0.3;

    /// <summary>How often a parcel takes much longer.</summary>
    public double SlowShare { get; set; }

    public bool IsCut(SimHost from, SimHost to) => _cut.Contains((from.Index, to.Index));

    /// <summary>Nothing from one host arrives at another one any more.</summary>
    public void Cut(SimHost from, SimHost to) => _cut.Add((from.Index, to.Index));

    /// <summary>The path is whole again; what waited arrives within a second or so.</summary>
    public void Heal(SimHost from, SimHost to)
    {
        if (_cut.Remove((from.Index, to.Index)) && _waiting.Remove((from.Index, to.Index), out var waiting))
        {
            var retransmission = world.Chance.Span(1, 1200);
            foreach (var parcel in waiting)
            {
                world.Scheduler.After(retransmission, parcel.Process, static p => ((Parcel)p!).Arrive(), parcel);
            }
        }
    }

    /// <summary>Has a process on another host run something, when the message has arrived there.</summary>
    public void Carry(SimHost from, SimHost to, SimProcess process, SendOrPostCallback callback, object? state, TimeSpan extra = default)
    {
        var parcel = new Parcel(this, from, to, process, callback, state);
        world.Scheduler.After(Latency(from, to) + extra, process, static p => ((Parcel)p!).Arrive(), parcel);
    }

    private TimeSpan Latency(SimHost from, SimHost to)
    {
        if (from == to)
        {
            return TimeSpan.FromTicks(200);
        }

        var chance = world.Chance;
        return SlowShare > 0 && chance.Is(SlowShare) ? chance.Span(LatencyMs, 400) : chance.Span(LatencyMs * 0.7, LatencyMs * 1.5);
    }

    private void Arrive(Parcel parcel)
    {
        if (IsCut(parcel.From, parcel.To))
        {
            if (!_waiting.TryGetValue((parcel.From.Index, parcel.To.Index), out var waiting))
            {
                _waiting[(parcel.From.Index, parcel.To.Index)] = waiting = [];
            }

            waiting.Add(parcel);
        }
        else
        {
            parcel.Callback(parcel.State);
        }
    }

    private sealed class Parcel(Network network, SimHost from, SimHost to, SimProcess process, SendOrPostCallback callback, object? state)
    {
        public SimHost From => from;

        public SimHost To => to;

        public SimProcess Process => process;

        public SendOrPostCallback Callback => callback;

        public object? State => state;

        public void Arrive() => network.Arrive(this);
    }
}
