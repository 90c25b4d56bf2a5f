using System.Text.Json.Serialization;

namespace PgAutoFailover.Core.Messages;

/// <summary>
/// What a keeper adds to its report beyond the arguments that <c>node_active</c> has in 2.0: facts that let the monitor
/// decide on evidence instead of silence. Sent as the last argument, <c>current_evidence jsonb</c>; every member may be missing.
/// The monitor keeps it in memory only: it is stale after a second and sent again.
/// </summary>
public sealed record NodeEvidence
{
    /// <summary>Nothing known.</summary>
    public static NodeEvidence None { get; } = new();

    /// <summary>Version of the keeper's program.</summary>
    [JsonPropertyName("keeper")]
    public string? KeeperVersion { get; init; }

    /// <summary>
    /// What the keeper called its registration when it made it: any text that no other one has. A node id alone says little, for a monitor that
    /// was made anew gives the ids of the one before to other nodes, and their old keepers may still be about.
    /// </summary>
    [JsonPropertyName("registration")]
    public string? RegistrationId { get; init; }

    /// <summary>The node wants to be asked before a planned change, and answers within that many seconds; null where it does not.</summary>
    [JsonPropertyName("before_change_seconds")]
    public int? BeforeChangeSeconds { get; init; }

    /// <summary>True while the data directory is being rewritten, by a rewind or a base backup, for which PostgreSQL is stopped.</summary>
    [JsonPropertyName("rewriting")]
    public bool? Rewriting { get; init; }

    /// <summary>
    /// Of a primary that its keeper stopped while it served: the position of its shutdown checkpoint. Who has received up to there has all that it ever
    /// acknowledged. Null where PostgreSQL ended in another way: it may not come up again either.
    /// </summary>
    [JsonPropertyName("stopped_at")]
    public string? StoppedAt { get; init; }

    /// <summary>Standby only: what its walreceiver is doing.</summary>
    [JsonPropertyName("walreceiver")]
    public WalReceiverEvidence? WalReceiver { get; init; }

    /// <summary>Primary only: how many of the standbys that its commits wait for stream and have answered within the last seconds; of all standbys where its commits wait for none.</summary>
    [JsonPropertyName("streaming_standbys")]
    public int? StreamingStandbys { get; init; }

    /// <summary>Value of <c>synchronous_standby_names</c> in force on a running primary.</summary>
    [JsonPropertyName("synchronous_standby_names")]
    public string? SynchronousStandbyNames { get; init; }
}

/// <summary>State of a standby's walreceiver.</summary>
public sealed record WalReceiverEvidence
{
    /// <summary>True while <c>pg_stat_wal_receiver.status</c> is <c>streaming</c>.</summary>
    [JsonPropertyName("streaming")]
    public bool Streaming { get; init; }

    /// <summary>Node id of the upstream, as configured by the keeper.</summary>
    [JsonPropertyName("upstream")]
    public long? UpstreamNodeId { get; init; }

    /// <summary>Milliseconds since the last message of the upstream arrived.</summary>
    [JsonPropertyName("last_message_age_ms")]
    public long? LastMessageAgeMs { get; init; }

    /// <summary>True where the walreceiver has been offered WAL and has written none of it yet: null else, and from keepers of before there was this.</summary>
    [JsonPropertyName("writes_nothing")]
    public bool? WritesNothing { get; init; }
}

/// <summary>Serialization of evidence without reflection.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(NodeEvidence))]
public sealed partial class EvidenceJson : JsonSerializerContext;
