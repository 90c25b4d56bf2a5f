using PgAutoFailover.Core.Groups;
using PgAutoFailover.Core.Rules;

namespace PgAutoFailover.Monitor;

/// <summary>What the monitor's service knows at a moment.</summary>
/// <param name="Groups">All groups, those without nodes included.</param>
/// <param name="Settings">What they are judged by.</param>
/// <param name="Clock">The moment.</param>
public sealed record MonitorStatus(IReadOnlyList<GroupView> Groups, MonitorSettings Settings, Clock Clock);
