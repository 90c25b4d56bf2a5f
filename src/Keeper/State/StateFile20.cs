using System.Buffers.Binary;
using System.Collections.Immutable;
using PgAutoFailover.Core.Vocabulary;

namespace PgAutoFailover.Keeper.State;

/// <summary>
/// Reads the state file that pg_auto_failover 2.0 wrote, on a node that is moved over from it. Its layout is documented nowhere: it was found by
/// changing bytes and looking at what <c>show file --state --contents</c> of 2.0 makes of them, on a little-endian machine.
/// </summary>
internal static class StateFile20
{
    private const int Length = 1024;
    private const int FormatVersion = 1;

    // By the numbers of 2.0.
    private static readonly ImmutableArray<NodeState> s_states =
    [
        NodeState.Unknown, NodeState.Init, NodeState.Single, NodeState.Primary, NodeState.WaitPrimary, NodeState.WaitStandby, NodeState.Demoted,
        NodeState.DemoteTimeout, NodeState.Draining, NodeState.Secondary, NodeState.CatchingUp, NodeState.PreparePromotion, NodeState.StopReplication,
        NodeState.Maintenance, NodeState.JoinPrimary, NodeState.ApplySettings, NodeState.PrepareMaintenance, NodeState.WaitMaintenance,
        NodeState.ReportLsn, NodeState.FastForward, NodeState.JoinSecondary, NodeState.Dropped,
    ];

    /// <summary>Null for a file that is none of 2.0's.</summary>
    public static KeeperState? Read(ReadOnlySpan<byte> file)
    {
        if (file.Length != Length || Int(file, 0) != FormatVersion || State(file, 56) is not { } current || State(file, 32) is not { } assigned)
        {
            return null;
        }

        return new KeeperState
        {
            PgControlVersion = Int(file, 8),
            PgCatalogVersion = Int(file, 12),
            SystemIdentifier = BinaryPrimitives.ReadInt64LittleEndian(file[16..]),
            NodeId = Int(file, 24),
            GroupId = Int(file, 28),
            AssignedRole = assigned,
            LastMonitorContact = DateTimeOffset.FromUnixTimeSeconds(BinaryPrimitives.ReadUInt32LittleEndian(file[48..])),
            CurrentRole = current,
        };
    }

    private static int Int(ReadOnlySpan<byte> file, int offset) => BinaryPrimitives.ReadInt32LittleEndian(file[offset..]);

    private static NodeState? State(ReadOnlySpan<byte> file, int offset) => Int(file, offset) is >= 0 and var number && number < s_states.Length ? s_states[number] : null;
}
