using System.Globalization;

namespace PgAutoFailover.Monitor.Service;

/// <summary>
/// One session of the monitor's PostgreSQL that speaks to the service. A keeper keeps its session, so the end of this connection
/// is evidence that the keeper, or the path to it, is gone. Compared by reference: an id is never used twice within a process.
/// </summary>
public sealed class ServiceConnection(long id)
{
    /// <summary>Greater for one that was opened later.</summary>
    public long Id { get; } = id;

    public override string ToString() => Id.ToString(CultureInfo.InvariantCulture);
}
