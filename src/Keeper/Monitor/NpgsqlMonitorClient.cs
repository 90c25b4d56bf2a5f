using System.Text.Json;
using Npgsql;
using PgAutoFailover.Core.Messages;
using PgAutoFailover.Core.Vocabulary;
using PgAutoFailover.Postgres.Connections;

namespace PgAutoFailover.Keeper.Monitor;

/// <summary>
/// The monitor over two connections that stay open: one for calls, whose end tells the monitor at once that this keeper is gone,
/// and one that listens.
/// </summary>
public sealed class NpgsqlMonitorClient : IMonitorClient, IAsyncDisposable
{
    private readonly KeptConnection _calls;
    private readonly StateListener _listener;

    // The session in which the monitor has last taken this node's word. Another session may be with another monitor, at the same address, to which
    // the node's number says nothing, or is somebody else's.
    private volatile NpgsqlConnection? _acquainted;

    /// <param name="uri">The monitor's URI.</param>
    /// <param name="time">Spaces attempts to listen again.</param>
    public NpgsqlMonitorClient(ConnectionUri uri, TimeProvider time)
    {
        _calls = new KeptConnection(uri, "pg_autoctl node-active");
        _listener = new StateListener(uri, time);
    }

    public Task<NodeAssignment> RegisterAsync(NodeRegistration registration, CancellationToken cancellationToken) => _calls.CallAsync(
        async (connection, ct) =>
        {
            // One transaction, for whose length the setting lasts.
            await using var batch = new NpgsqlBatch(connection) { BatchCommands = { new(MonitorSql.NameRegistration), new(MonitorSql.RegisterNode) } };
            batch.BatchCommands[0].Parameters.Add(Arg(registration.RegistrationId));
            foreach (var argument in Arguments(registration))
            {
                batch.BatchCommands[1].Parameters.Add(argument);
            }

            await using var reader = await batch.ExecuteReaderAsync(ct);
            await reader.NextResultAsync(ct);
            var assignment = await reader.ReadAsync(ct) ? ReadAssignment(reader) : throw new MonitorException("the monitor answered a registration with nothing");
            _acquainted = connection;
            return assignment;
        },
        repeatable: true,
        cancellationToken);

    public Task<NodeAssignment> NodeActiveAsync(NodeReport report, CancellationToken cancellationToken) => _calls.CallAsync(
        async (connection, ct) =>
        {
            _acquainted = null;
            var rows = await ReadAsync(
                connection, MonitorSql.NodeActive, ReadAssignment, ct,
                Arg(report.FormationId), Arg(report.NodeId), Arg(report.GroupId), Arg(report.CurrentState.ToWire()), Arg(report.PgIsRunning), Arg(report.Timeline),
                Arg(report.Lsn.ToString()), Arg(report.RepState), Arg(JsonSerializer.Serialize(report.Evidence, EvidenceJson.Default.NodeEvidence)));
            _acquainted = connection;
            return Single(rows);
        },
        repeatable: true,
        cancellationToken);

    public Task<IReadOnlyList<NodeAddress>> GetOtherNodesAsync(long nodeId, CancellationToken cancellationToken) =>
        ListOfOwnAsync(MonitorSql.OtherNodes, ReadAddress, cancellationToken, Arg(nodeId));

    public Task<NodeAddress> GetPrimaryAsync(string formationId, int groupId, CancellationToken cancellationToken) =>
        SingleOfOwnAsync(MonitorSql.Primary, ReadAddress, repeatable: true, cancellationToken, Arg(formationId), Arg(groupId));

    public async Task<IReadOnlyList<NodeAddress>> GetStandbysAheadAsync(string formationId, int groupId, long callerId, CancellationToken cancellationToken) =>
        await ListOfOwnAsync(MonitorSql.StandbysAhead, ReadAddress, cancellationToken, Arg(formationId), Arg(groupId), Arg(callerId));

    public async Task<string> GetSynchronousStandbyNamesAsync(string formationId, int groupId, long leaderId, CancellationToken cancellationToken) =>
        await ListOfOwnAsync(MonitorSql.SynchronousStandbyNames, r => r.IsDBNull(0) ? "" : r.GetString(0), cancellationToken, Arg(formationId), Arg(groupId), Arg(leaderId))
            is [var names] ? names : throw new MonitorException($"the monitor does not want node {leaderId} to be the primary any more");

    public Task SetNodeSystemIdentifierAsync(long nodeId, long systemIdentifier, CancellationToken cancellationToken) =>
        ListOfOwnAsync(MonitorSql.SetSystemIdentifier, r => r.GetInt64(0), cancellationToken, Arg(nodeId), Arg(systemIdentifier));

    public Task UpdateNodeMetadataAsync(long nodeId, string name, string host, int port, CancellationToken cancellationToken) =>
        SingleOfOwnAsync(MonitorSql.UpdateMetadata, r => r.GetBoolean(0), repeatable: true, cancellationToken, Arg(nodeId), Arg(name), Arg(host), Arg(port));

    public Task<bool> RemoveNodeAsync(long nodeId, bool force, CancellationToken cancellationToken) =>
        SingleOfOwnAsync(MonitorSql.RemoveNode, r => r.GetBoolean(0), repeatable: false, cancellationToken, Arg(nodeId), Arg(force));

    public Task<IReadOnlyList<RegisteredNode>> GetCurrentStateAsync(string formationId, CancellationToken cancellationToken) => ListAsync(
        MonitorSql.CurrentState,
        r => new RegisteredNode(r.GetInt64(0), r.GetInt32(1), r.GetString(2), r.GetString(3), r.GetInt32(4), ReadState(r, 5), ReadState(r, 6)),
        cancellationToken, Arg(formationId));

    public async Task<ClientAddress?> FindClientAddressAsync(long nodeId, CancellationToken cancellationToken)
    {
        try
        {
            return await SingleAsync(
                MonitorSql.ClientAddress,
                r => new ClientAddress(r.IsDBNull(0) ? null : r.GetString(0), r.IsDBNull(1) ? null : r.GetInt32(1)),
                repeatable: true, cancellationToken, Arg(nodeId));
        }
        catch (MonitorException e) when (e.SqlState == PostgresErrorCodes.UndefinedTable)
        {
            return null;
        }
    }

    public Task SetClientAddressAsync(long nodeId, ClientAddress client, CancellationToken cancellationToken) => SingleOfOwnAsync(
        MonitorSql.SetClientAddress, r => r.GetBoolean(0), repeatable: true, cancellationToken, Arg(nodeId), Arg(client.Host ?? ""), Arg(client.Port ?? 0));

    public Task<StateChange?> WaitForStateChangeAsync(string formationId, int groupId, CancellationToken cancellationToken) =>
        _listener.WaitAsync(formationId, groupId, cancellationToken);

    /// <summary>Version of the program that serves the monitor; null for one that does not say: of pg_auto_failover 2.0.</summary>
    /// <exception cref="MonitorException">The monitor cannot be reached.</exception>
    public async Task<string?> GetProgramVersionAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await SingleAsync(MonitorSql.ProgramVersion, r => r.GetString(0), repeatable: true, cancellationToken);
        }
        catch (MonitorException e) when (e.SqlState == PostgresErrorCodes.UndefinedFunction)
        {
            return null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _calls.DisposeAsync();
        await _listener.DisposeAsync();
    }

    private static NpgsqlParameter[] Arguments(NodeRegistration r) =>
    [
        Arg(r.FormationId), Arg(r.Host), Arg(r.Port), Arg(r.DbName), Arg(r.NodeName), Arg(r.SystemIdentifier), Arg(r.DesiredNodeId), Arg(r.DesiredGroupId),
        Arg(r.InitialState.ToWire()), Arg(r.NodeKind), Arg(r.CandidatePriority), Arg(r.ReplicationQuorum), Arg(r.Cluster),
    ];

    private static NodeAssignment ReadAssignment(NpgsqlDataReader r) => new(
        r.GetInt64(0), r.GetInt32(1), ReadState(r, 2), r.GetInt32(3), r.GetBoolean(4), r.FieldCount > 5 ? r.GetString(5) : "");

    private static NodeAddress ReadAddress(NpgsqlDataReader r) => new(
        r.GetInt64(0), r.GetString(1), r.GetString(2), r.GetInt32(3), Lsn.Parse(r.GetString(4)), r.GetBoolean(5));

    private static NodeState ReadState(NpgsqlDataReader r, int ordinal) =>
        NodeStates.TryParse(r.GetString(ordinal), out var state)
            ? state
            : throw new MonitorException($"the monitor answered with node state \"{r.GetString(ordinal)}\", which this version does not know");

    private static NpgsqlParameter<T> Arg<T>(T value) => new() { TypedValue = value };

    private static T Single<T>(List<T> rows) =>
        rows is [var row] ? row : throw new MonitorException($"the monitor answered with {rows.Count} rows where one was expected");

    private async Task<T> SingleAsync<T>(
        string sql, Func<NpgsqlDataReader, T> read, bool repeatable, CancellationToken cancellationToken, params NpgsqlParameter[] arguments) =>
        Single(await _calls.CallAsync((connection, ct) => ReadAsync(connection, sql, read, ct, arguments), repeatable, cancellationToken));

    private async Task<IReadOnlyList<T>> ListAsync<T>(
        string sql, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken, params NpgsqlParameter[] arguments) =>
        await _calls.CallAsync((connection, ct) => ReadAsync(connection, sql, read, ct, arguments), repeatable: true, cancellationToken);

    private async Task<T> SingleOfOwnAsync<T>(
        string sql, Func<NpgsqlDataReader, T> read, bool repeatable, CancellationToken cancellationToken, params NpgsqlParameter[] arguments) =>
        Single(await _calls.CallAsync((connection, ct) => ReadOfOwnAsync(connection, sql, read, ct, arguments), repeatable, cancellationToken));

    private async Task<IReadOnlyList<T>> ListOfOwnAsync<T>(
        string sql, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken, params NpgsqlParameter[] arguments) =>
        await _calls.CallAsync((connection, ct) => ReadOfOwnAsync(connection, sql, read, ct, arguments), repeatable: true, cancellationToken);

    /// <summary>What is asked or said about the number of this node, or of its group.</summary>
    private Task<List<T>> ReadOfOwnAsync<T>(
        NpgsqlConnection connection, string sql, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken, params NpgsqlParameter[] arguments) =>
        ReferenceEquals(connection, _acquainted)
            ? ReadAsync(connection, sql, read, cancellationToken, arguments)
            : throw new MonitorException("the monitor has not said yet, in this session, that it knows this node");

    private static async Task<List<T>> ReadAsync<T>(
        NpgsqlConnection connection, string sql, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken, params NpgsqlParameter[] arguments)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var argument in arguments)
        {
            command.Parameters.Add(argument.Clone());
        }

        // Parsed and planned once for each connection; later calls find it prepared.
        await command.PrepareAsync(cancellationToken);
        var rows = new List<T>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(read(reader));
        }

        return rows;
    }
}
