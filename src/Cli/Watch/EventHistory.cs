using PgAutoFailover.Cli.Monitors;
using PgAutoFailover.Cli.Output;

namespace PgAutoFailover.Cli.Watch;

/// <summary>
/// The last events of a formation. All of them are read once; from then on only the newest few, as long as these join those that
/// are known already. Two groups may commit events in another order than that of their numbers, so the newest few are merged in
/// rather than appended.
/// </summary>
/// <param name="most">How many are kept.</param>
internal sealed class EventHistory(string formation, int? group, int most)
{
    private const int Newest = 50;
    private SortedDictionary<long, EventRow> _events = [];

    public async Task<IReadOnlyList<EventRow>> ReadAsync(MonitorConnection monitor, CancellationToken cancellationToken)
    {
        var newest = _events.Count == 0 ? [] : await LastEvents.ReadAsync(monitor, formation, group, Newest, cancellationToken);
        Merge(newest.Exists(e => _events.ContainsKey(e.Id))
            ? newest
            : await LastEvents.ReadAsync(monitor, formation, group, most, cancellationToken));
        return [.. _events.Values];
    }

    /// <summary>Forgets what was read: after a new connection it may be another monitor that answers.</summary>
    public void Clear() => _events = [];

    private void Merge(List<EventRow> read)
    {
        foreach (var row in read)
        {
            _events[row.Id] = row;
        }

        while (_events.Count > most)
        {
            _events.Remove(_events.Keys.First());
        }
    }
}
