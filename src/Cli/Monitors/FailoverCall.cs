using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Logging;
using PgAutoFailover.Core.Vocabulary;

namespace PgAutoFailover.Cli.Monitors;

/// <summary>A failover that an operator asks for: from before the call, until a node is primary again.</summary>
internal sealed class FailoverCall : IAsyncDisposable
{
    private readonly StateFollower _follower;
    private readonly string _formation;
    private readonly CommandContext _context;
    private bool _begun;

    private FailoverCall(StateFollower follower, string formation, int group, CommandContext context)
    {
        _follower = follower;
        _formation = formation;
        _context = context;
        Group = group;
    }

    public int Group { get; }

    /// <inheritdoc cref="Output.TransitionTable.NamesGroups"/>
    public bool NamesGroups { set => _follower.NamesGroups = value; }

    public MonitorConnection Monitor => _follower.Monitor;

    public static async Task<FailoverCall> PrepareAsync(
        MonitorTarget target, string formation, int? group, MonitorConnection monitor, CommandContext context, CancellationToken cancellationToken)
    {
        var number = await FormationGroup.FindAsync(monitor, target, formation, group, context, cancellationToken);
        var follower = await StateFollower.StartAsync(target, formation, number, monitor, context, cancellationToken);
        return new FailoverCall(follower, formation, number, context);
    }

    /// <summary>Waits until a node is primary, and tells which.</summary>
    /// <exception cref="CommandFailure">No node became primary in time.</exception>
    public async Task<string> WaitForPrimaryAsync(int seconds, CancellationToken cancellationToken)
    {
        _context.Log.WaitingForState(seconds, _formation, Group, NodeState.Primary.ToWire());
        if (await _follower.FollowAsync(IsEnd, TimeSpan.FromSeconds(seconds), cancellationToken) is { } primary)
        {
            return primary.Name;
        }

        var states = string.Join(", ", _follower.States.Values.OrderBy(s => s.NodeId).Select(s =>
            $"{s.Name} reports {s.Reported.ToWire()} and is assigned {s.Goal.ToWire()}"));
        throw new CommandFailure(
            ExitCode.Internal,
            $"No node of formation \"{_formation}\", group {Group}, became primary within {seconds} s: {states}",
            "The monitor goes on with it; follow it with \"pg_autoctl show state\"");
    }

    public ValueTask DisposeAsync() => _follower.DisposeAsync();

    // A health change may notify "primary, primary" of the old primary before the failover has begun.
    private bool IsEnd(StateNotification change)
    {
        _begun |= change.Reported != change.Goal;
        return _begun && change.ConvergedTo(NodeState.Primary);
    }
}
