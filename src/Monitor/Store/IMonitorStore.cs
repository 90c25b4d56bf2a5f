using System.Collections.Immutable;
using PgAutoFailover.Core.Groups;
using PgAutoFailover.Core.Operations;
using PgAutoFailover.Monitor.Groups;

namespace PgAutoFailover.Monitor.Store;

/// <summary>
/// The monitor's tables. Instants in views are on the monitor's clock, of which each call is told what it shows; rows hold wall-clock
/// times of PostgreSQL's. A method that throws <see cref="StoreException"/> leaves it open whether it took effect: read again before
/// believing anything.
/// </summary>
internal interface IMonitorStore
{
    /// <summary>All groups as the tables have them; a formation without nodes yields an empty group 0.</summary>
    Task<ImmutableArray<GroupView>> LoadAsync(TimeSpan now, CancellationToken cancellationToken);

    /// <summary>One group, or null when its formation does not exist.</summary>
    Task<GroupView?> LoadGroupAsync(string formationId, int groupId, TimeSpan now, CancellationToken cancellationToken);

    /// <summary>
    /// Writes the difference between two views of a group, its events and its notifications in one transaction, provided that every row
    /// still is what the view before says.
    /// </summary>
    Task<CommitResult> CommitAsync(GroupCommit commit, TimeSpan now, CancellationToken cancellationToken);

    /// <summary>Writes positions and times of reports and health checks, and nothing that a decision depends on. Rows that are being written are left out.</summary>
    Task FlushReportsAsync(IReadOnlyCollection<NodeView> nodes, TimeSpan now, CancellationToken cancellationToken);

    /// <summary>The next node id of the sequence.</summary>
    Task<long> NextNodeIdAsync(CancellationToken cancellationToken);

    /// <summary>Whether a registration of that name was ever made with this monitor, or may have been: an id of before a restored backup proves nothing.</summary>
    Task<bool> MayHaveRegisteredAsync(long nodeId, string registrationId, CancellationToken cancellationToken);

    Task<CommitResult> CreateFormationAsync(NewFormation formation, CancellationToken cancellationToken);

    Task<CommitResult> DropFormationAsync(string formationId, CancellationToken cancellationToken);

    /// <summary>Sets the system identifier of the nodes of a group number, in any formation, whose identifier is 0; returns their ids.</summary>
    Task<ImmutableArray<long>> ReplaceZeroSystemIdentifierAsync(int groupId, long systemIdentifier, CancellationToken cancellationToken);
}

/// <summary>What a turn of a group changes.</summary>
internal sealed record GroupCommit(GroupView Before, GroupView After, ImmutableArray<Announcement> Announcements);

/// <summary>The arguments of <c>pgautofailover.create_formation</c>; the table's constraints judge them.</summary>
internal sealed record NewFormation(string Id, string Kind, string DbName, bool OptSecondary, int NumberSyncStandbys);

/// <summary>How a commit ended.</summary>
internal readonly record struct CommitResult
{
    /// <summary>It is durable.</summary>
    public static CommitResult Done => default;

    /// <summary>Nothing was written: a row is not what the view before says. Load the group again and repeat the turn.</summary>
    public static CommitResult Conflict => new() { IsConflict = true };

    public bool IsConflict { get; private init; }

    /// <summary>Nothing was written: a constraint or trigger of the tables refused it, in PostgreSQL's words.</summary>
    public ApiError? Refusal { get; private init; }

    public static CommitResult Refused(ApiError error) => new() { Refusal = error };
}
