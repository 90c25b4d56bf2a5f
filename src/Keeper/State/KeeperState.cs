using System.Text.Json.Serialization;
using PgAutoFailover.Core.Vocabulary;

namespace PgAutoFailover.Keeper.State;

/// <summary>
/// What a keeper remembers of its node across restarts, file <c>pg_autoctl.state</c>. It tells what the node was doing, never what
/// it may do next: that is the monitor's word.
/// </summary>
public sealed record KeeperState
{
    /// <summary>Version of the format written by this program.</summary>
    public const int FormatVersion = 1;

    [JsonPropertyName("version")]
    public int Version { get; init; } = FormatVersion;

    [JsonPropertyName("current_role")]
    public NodeState CurrentRole { get; init; }

    [JsonPropertyName("assigned_role")]
    public NodeState AssignedRole { get; init; }

    [JsonPropertyName("nodeId")]
    public long NodeId { get; init; }

    [JsonPropertyName("groupId")]
    public int GroupId { get; init; }

    /// <summary>What the node's registration was called (<see cref="Core.Messages.NodeEvidence.RegistrationId"/>); null for one of before there were such names, and without a monitor.</summary>
    [JsonPropertyName("registration")]
    public string? RegistrationId { get; init; }

    /// <summary>0 while there is no data directory.</summary>
    [JsonPropertyName("system_identifier")]
    public long SystemIdentifier { get; init; }

    [JsonPropertyName("pg_control_version")]
    public int PgControlVersion { get; init; }

    [JsonPropertyName("pg_catalog_version")]
    public long PgCatalogVersion { get; init; }

    /// <summary>Wall-clock time, for people.</summary>
    [JsonPropertyName("last_monitor_contact")]
    public DateTimeOffset? LastMonitorContact { get; init; }

    /// <summary>Wall-clock time, for people.</summary>
    [JsonPropertyName("last_secondary_contact")]
    public DateTimeOffset? LastSecondaryContact { get; init; }

    /// <summary>Counts the changes of the list of other nodes.</summary>
    [JsonPropertyName("nodes_version")]
    public int NodesVersion { get; init; }

    /// <summary>
    /// True from before the data directory is rewritten by <c>pg_rewind</c> or <c>pg_basebackup</c> until that is done. In between it is
    /// neither the old copy nor the new one, and must not be started.
    /// </summary>
    [JsonPropertyName("rewriting_pgdata")]
    public bool RewritingPgData { get; init; }

    /// <summary>True from the end of a base backup until PostgreSQL has started on it: the copy is whole, and is to be started as it is.</summary>
    [JsonPropertyName("fresh_copy")]
    public bool FreshCopy { get; init; }

    /// <summary>
    /// Where PostgreSQL, which ran when the keeper began to stop it, ended as a primary: see <see cref="Core.Messages.NodeEvidence.StoppedAt"/>. Empty from that beginning
    /// until it is known, and where it has not ended as one.
    /// </summary>
    [JsonPropertyName("stopped_at")]
    public string? StoppedAt { get; init; }

    /// <summary>The keeper has let go of its monitor: the ids are those of a registration that counts no more.</summary>
    [JsonPropertyName("detached")]
    public bool IsDetached { get; init; }
}
