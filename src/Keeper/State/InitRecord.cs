using System.Text.Json.Serialization;

namespace PgAutoFailover.Keeper.State;

/// <summary>
/// File <c>pg_autoctl.init</c>: exists from before a node's registration until its creation is complete, and says what the data
/// directory was when the creation began. An interrupted creation reads it to know what it may treat as its own.
/// </summary>
public sealed record InitRecord
{
    [JsonPropertyName("version")]
    public int Version { get; init; } = KeeperState.FormatVersion;

    [JsonPropertyName("pgdata")]
    public required PgDataOrigin Origin { get; init; }

    /// <summary>By which the monitor recognises its own registration when the answer was lost; see <see cref="KeeperState.RegistrationId"/>.</summary>
    [JsonPropertyName("registration")]
    public string? RegistrationId { get; init; }
}

/// <summary>What the data directory was when a creation began.</summary>
public enum PgDataOrigin
{
    /// <summary>It did not exist, or was empty.</summary>
    Absent,

    /// <summary>A stopped cluster.</summary>
    Stopped,

    /// <summary>The data directory of a running primary, which is adopted as it is.</summary>
    RunningPrimary,

    /// <summary>The data directory of a running standby that was a node already, of another monitor.</summary>
    RunningStandby,
}
