using System.Collections.Immutable;
using System.Data;
using Npgsql;
using PgAutoFailover.Core.Groups;
using PgAutoFailover.Core.Operations;

namespace PgAutoFailover.Monitor.Store;

/// <summary>The monitor's tables in its PostgreSQL, through a pool of connections.</summary>
/// <param name="source">The pool.</param>
/// <param name="connections">How many of it may be used at a time. Whoever needs one waits for its turn, however long the line is.</param>
internal sealed class PostgresStore(NpgsqlDataSource source, int connections) : IMonitorStore, IDisposable
{
    /// <summary>
    /// How many commits of groups go on at a time, as long as none has to be tried alone. The fewer there are, the more goes together when many come; a second one begins
    /// while PostgreSQL wakes the listeners of the first.
    /// </summary>
    private const int Lanes = 2;

    /// <summary>A client of the SQL API may hold rows of a group. Others do not wait for that: the group's commit leaves the lane and waits alone.</summary>
    private const string WaitForNoLock = "select set_config('lock_timeout', '100ms', true)";

    private readonly SemaphoreSlim _free = new(connections);
    private readonly SemaphoreSlim _lanes = new(Lanes);
    private readonly WaitingCommits _waiting = new();

    public void Dispose()
    {
        _free.Dispose();
        _lanes.Dispose();
    }

    public async Task<CommitResult> CommitAsync(GroupCommit commit, TimeSpan now, CancellationToken cancellationToken)
    {
        var mine = _waiting.Add(commit, now);
        try
        {
            await _lanes.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            _waiting.Withdraw(mine);
            throw;
        }

        try
        {
            await CommitTogetherAsync(_waiting.TakeWith(mine), cancellationToken);
        }
        finally
        {
            _lanes.Release();
        }

        if (await mine.Result is { } result)
        {
            return result;
        }

        var alone = new CommitBatch();
        mine.AddTo(alone);
        return await CommitAsync(alone, cancellationToken);
    }

    public Task<CommitResult> CreateFormationAsync(NewFormation formation, CancellationToken cancellationToken)
    {
        var writes = new CommitBatch();
        writes.Add(
            """
            insert into pgautofailover.formation (formationid, kind, dbname, opt_secondary, number_sync_standbys)
            values ($1, $2, $3, $4, $5)
            """,
            formation.Id, formation.Kind, formation.DbName, formation.OptSecondary, formation.NumberSyncStandbys);
        return CommitAsync(writes, cancellationToken);
    }

    public Task<CommitResult> DropFormationAsync(string formationId, CancellationToken cancellationToken)
    {
        var writes = new CommitBatch();
        writes.AddExpectingOneRow("delete from pgautofailover.formation where formationid = $1", formationId);
        return CommitAsync(writes, cancellationToken);
    }

    public Task<ImmutableArray<GroupView>> LoadAsync(TimeSpan now, CancellationToken cancellationToken) =>
        WithConnectionAsync(connection => RowReader.ReadAsync(connection, only: null, now, cancellationToken), cancellationToken);

    public async Task<GroupView?> LoadGroupAsync(string formationId, int groupId, TimeSpan now, CancellationToken cancellationToken)
    {
        var groups = await WithConnectionAsync(
            connection => RowReader.ReadAsync(connection, (formationId, groupId), now, cancellationToken), cancellationToken);
        return groups.FirstOrDefault();
    }

    public Task FlushReportsAsync(IReadOnlyCollection<NodeView> nodes, TimeSpan now, CancellationToken cancellationToken) => WithConnectionAsync(async connection =>
    {
        await using var batch = new NpgsqlBatch(connection);

        // A heartbeat that is lost in a crash comes again within a second; nothing that was answered depends on it.
        batch.BatchCommands.Add(new("select set_config('synchronous_commit', 'off', true)"));
        var update = new NpgsqlBatchCommand(ReportFlush.Sql);
        ReportFlush.AddParameters(update.Parameters, nodes, now);
        batch.BatchCommands.Add(update);
        return await batch.ExecuteNonQueryAsync(cancellationToken);
    }, cancellationToken);

    public Task<long> NextNodeIdAsync(CancellationToken cancellationToken) => WithConnectionAsync(async connection =>
    {
        await using var command = new NpgsqlCommand("select nextval('pgautofailover.node_nodeid_seq')", connection);
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!; // nextval is never null
    }, cancellationToken);

    public Task<bool> MayHaveRegisteredAsync(long nodeId, string registrationId, CancellationToken cancellationToken) => WithConnectionAsync(async connection =>
    {
        await using var command = new NpgsqlCommand(
            """
            select exists (select from pgautofailover_private.registration where registrationid = $1)
                or exists (select from pgautofailover_private.home where unnamed_until >= $2)
            """,
            connection);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = registrationId });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = nodeId });
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!; // exists is never null
    }, cancellationToken);

    public Task<ImmutableArray<long>> ReplaceZeroSystemIdentifierAsync(int groupId, long systemIdentifier, CancellationToken cancellationToken) => WithConnectionAsync(async connection =>
    {
        await using var command = new NpgsqlCommand(
            "update pgautofailover.node set sysidentifier = $2 where groupid = $1 and sysidentifier = 0 returning nodeid", connection);
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = groupId });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = systemIdentifier });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var ids = ImmutableArray.CreateBuilder<long>();
        while (await reader.ReadAsync(cancellationToken))
        {
            ids.Add(reader.GetInt64(0));
        }

        return ids.ToImmutable();
    }, cancellationToken);

    private async Task<T> WithConnectionAsync<T>(Func<NpgsqlConnection, Task<T>> work, CancellationToken cancellationToken)
    {
        await _free.WaitAsync(cancellationToken);
        try
        {
            await using var connection = await source.OpenConnectionAsync(cancellationToken);
            return await work(connection);
        }
        catch (NpgsqlException e)
        {
            throw new StoreException(e.Message, e);
        }
        finally
        {
            _free.Release();
        }
    }

    private async Task CommitTogetherAsync(IReadOnlyList<WaitingCommit> commits, CancellationToken cancellationToken)
    {
        if (commits.Count == 0)
        {
            return;
        }

        try
        {
            var writes = new CommitBatch();
            writes.Add(WaitForNoLock);
            foreach (var commit in commits)
            {
                commit.AddTo(writes);
            }

            var result = await WithConnectionAsync(connection => TransactAsync(connection, writes, cancellationToken), cancellationToken);
            var isFinal = result == CommitResult.Done || (commits.Count == 1 && result.Refusal?.SqlState != PostgresErrorCodes.LockNotAvailable);
            foreach (var commit in commits)
            {
                commit.End(isFinal ? result : null);
            }
        }
        catch (Exception e) when (e is StoreException or OperationCanceledException)
        {
            // Whose turn this is may be leaving; those that it took along are not.
            var unknown = e as StoreException ?? new StoreException("the transaction that was to store it was called off", e);
            foreach (var commit in commits)
            {
                commit.Fail(unknown);
            }

            throw;
        }
        catch (Exception) when (commits.Count > 1)
        {
            // A defect that one of them meets, so that nothing was sent to be committed. Alone, nobody else meets it.
            foreach (var commit in commits)
            {
                commit.End(null);
            }
        }
    }

    private Task<CommitResult> CommitAsync(CommitBatch writes, CancellationToken cancellationToken) =>
        WithConnectionAsync(connection => TransactAsync(connection, writes, cancellationToken), cancellationToken);

    private static async Task<CommitResult> TransactAsync(NpgsqlConnection connection, CommitBatch writes, CancellationToken cancellationToken)
    {
        try
        {
            await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellationToken);
            if (!await writes.ExecuteAsync(connection, transaction, cancellationToken))
            {
                await transaction.RollbackAsync(cancellationToken);
                return CommitResult.Conflict;
            }

            await transaction.CommitAsync(cancellationToken);
            return CommitResult.Done;
        }
        catch (PostgresException e) when (e.InvariantSeverity == "ERROR")
        {
            // An ERROR, at the commit too, is a definite rollback. FATAL and a broken connection leave the outcome open: they go up.
            return CommitResult.Refused(RefusalOf(e));
        }
    }

    /// <summary>
    /// Constraints, triggers and locks speak for themselves. Troubles of the monitor's server (disk full, out of memory) do not reach
    /// the caller under their own SQLSTATE: to drivers those say that the session is broken, and it is not.
    /// </summary>
    private static ApiError RefusalOf(PostgresException e) => e.SqlState[..2] is "22" or "23" or "40" or "42" or "55" or "P0"
        ? new(e.SqlState, e.MessageText, e.Detail, e.Hint)
        : new(
            PostgresErrorCodes.TransactionRollback, "the monitor could not store its decision, which therefore is void",
            $"{e.MessageText} ({e.SqlState})", "See the log of the monitor's PostgreSQL");
}
