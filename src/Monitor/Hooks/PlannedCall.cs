using PgAutoFailover.Monitor.Service;

namespace PgAutoFailover.Monitor.Hooks;

/// <summary>Who asks for a planned change, and whether without asking the hooks of nodes.</summary>
/// <param name="Pid">Of the session's process. One that is cancelled may have to connect to the service anew, and is the same caller all the same.</param>
internal readonly record struct PlannedCall(ServiceConnection Connection, int? Pid, bool SkipsHooks)
{
    public bool IsOfSameCaller(PlannedCall other) => ReferenceEquals(Connection, other.Connection) || (Pid is { } pid && other.Pid == pid);
}
