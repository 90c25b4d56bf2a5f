using System.Buffers.Binary;

namespace PgAutoFailover.Postgres.Control;

/// <summary>
/// The cluster's state, straight from <c>global/pg_control</c>. Only for decisions that cannot wait for <c>pg_controldata</c>:
/// the place of this field has not moved in any version that is supported.
/// </summary>
internal static class ControlFile
{
    private const int StateOffset = 16;

    public static string PathIn(string pgData) => Path.Combine(pgData, "global", "pg_control");

    /// <summary>Null when the file is missing or too short.</summary>
    public static ClusterState? ReadState(string pgData)
    {
        try
        {
            using var file = File.OpenRead(PathIn(pgData));
            Span<byte> head = stackalloc byte[StateOffset + sizeof(int)];
            return file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) == head.Length
                ? (ClusterState)(BitConverter.IsLittleEndian
                    ? BinaryPrimitives.ReadInt32LittleEndian(head[StateOffset..])
                    : BinaryPrimitives.ReadInt32BigEndian(head[StateOffset..]))
                : null;
        }
        catch (IOException)
        {
            return null;
        }
    }
}

/// <summary>PostgreSQL's <c>DBState</c>.</summary>
internal enum ClusterState
{
    StartingUp = 0,
    ShutDown = 1,
    ShutDownInRecovery = 2,
    ShuttingDown = 3,
    InCrashRecovery = 4,
    InArchiveRecovery = 5,
    InProduction = 6,
}
