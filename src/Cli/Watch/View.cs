namespace PgAutoFailover.Cli.Watch;

/// <summary>
/// What of a snapshot a person looks at. Nodes and events are one list for the cursor, nodes first. Without a cursor, or with one
/// on a node, the events follow the newest one; with the cursor on an event they stand still. Rows are known by their ids, so that
/// the cursor stays where it is while rows come and go.
/// </summary>
/// <param name="Node">The node under the cursor.</param>
/// <param name="Event">The event under the cursor.</param>
/// <param name="TopEvent">The first event that was shown when the cursor moved last.</param>
/// <param name="Indent">How many characters of each comment are hidden on the left.</param>
internal sealed record View(long? Node = null, long? Event = null, long? TopEvent = null, int Indent = 0)
{
    private const int IndentStep = 8;

    /// <summary>The view after a key.</summary>
    /// <param name="page">How many events are shown at a time.</param>
    public View Press(Key key, Snapshot snapshot, int page) => key switch
    {
        Key.Up => Up(snapshot, page),
        Key.Down => Down(snapshot, page),
        Key.PageUp => ToEvent(snapshot, Math.Max(0, (EventIndex(snapshot) ?? (snapshot.Events.Count - 1)) - Math.Max(1, page)), page),
        Key.PageDown => EventIndex(snapshot) is { } i ? ToEvent(snapshot, i + Math.Max(1, page), page) : this,
        Key.Home => EventIndex(snapshot) > 0 ? ToEvent(snapshot, 0, page) : ToNode(snapshot, 0),
        Key.End => Nowhere,
        Key.Escape => new View(),
        Key.Right => this with { Indent = Math.Min(Indent + IndentStep, LongestComment(snapshot)) },
        Key.Left => this with { Indent = Math.Max(0, Indent - IndentStep) },
        _ => this,
    };

    /// <summary>Place of the node under the cursor; null where there is none, or it is gone.</summary>
    public int? NodeIndex(Snapshot snapshot) => Find(snapshot.Nodes, n => n.Row.NodeId, Node);

    /// <summary>Place of the event under the cursor; null where there is none, or it is gone.</summary>
    public int? EventIndex(Snapshot snapshot) => Find(snapshot.Events, e => e.Id, Event);

    /// <summary>Place of the first event that is shown.</summary>
    public int FirstEvent(Snapshot snapshot, int page)
    {
        page = Math.Max(1, page);
        var newest = Math.Max(0, snapshot.Events.Count - page);
        if (EventIndex(snapshot) is not { } cursor)
        {
            return newest;
        }

        var top = Find(snapshot.Events, e => e.Id, TopEvent) ?? newest;
        return Math.Clamp(Math.Clamp(top, Math.Max(0, cursor - page + 1), cursor), 0, newest);
    }

    private View Nowhere => new(Indent: Indent);

    private View Up(Snapshot snapshot, int page) => (EventIndex(snapshot), NodeIndex(snapshot)) switch
    {
        (0, _) => ToNode(snapshot, snapshot.Nodes.Count - 1),
        ({ } i, _) => ToEvent(snapshot, i - 1, page),
        (_, { } i) => ToNode(snapshot, Math.Max(0, i - 1)),
        _ => ToEvent(snapshot, snapshot.Events.Count - 1, page, mayBeLast: true),
    };

    private View Down(Snapshot snapshot, int page) => (EventIndex(snapshot), NodeIndex(snapshot)) switch
    {
        ({ } i, _) => ToEvent(snapshot, i + 1, page, mayBeLast: i + 1 < snapshot.Events.Count),
        (_, { } i) when i + 1 < snapshot.Nodes.Count => ToNode(snapshot, i + 1),
        (_, not null) => ToEvent(snapshot, FirstEvent(snapshot, page), page, mayBeLast: true),
        _ => ToNode(snapshot, 0),
    };

    private View ToNode(Snapshot snapshot, int index) =>
        index >= 0 && index < snapshot.Nodes.Count ? Nowhere with { Node = snapshot.Nodes[index].Row.NodeId } : this;

    // A page beyond the newest event, or a step, means: go on with the newest ones from now on.
    private View ToEvent(Snapshot snapshot, int index, int page, bool mayBeLast = false)
    {
        var last = snapshot.Events.Count - 1;
        if (index < 0 || last < 0)
        {
            return this;
        }

        if (index > last || (index == last && !mayBeLast))
        {
            return Nowhere;
        }

        var moved = this with { Node = null, Event = snapshot.Events[index].Id, TopEvent = snapshot.Events[FirstEvent(snapshot, page)].Id };
        return moved with { TopEvent = snapshot.Events[moved.FirstEvent(snapshot, page)].Id };
    }

    private static int LongestComment(Snapshot snapshot) => snapshot.Events.Select(e => e.Description.Length).DefaultIfEmpty().Max();

    private static int? Find<T>(IReadOnlyList<T> rows, Func<T, long> id, long? wanted)
    {
        for (var i = 0; wanted is not null && i < rows.Count; i++)
        {
            if (id(rows[i]) == wanted)
            {
                return i;
            }
        }

        return null;
    }
}
