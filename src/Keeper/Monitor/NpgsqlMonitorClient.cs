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

    /// <param name="uri">The monitor's URI.</param>
    /// <param name="time">Spaces attempts to listen again.</param>
    public NpgsqlMonitorClient(ConnectionUri uri, TimeProvider time)
    {
        _calls = new KeptConnection(uri, "pg_autoctl node-active");
        _listener = new StateListener(uri, time);
    }

    public Task<NodeAssignment> RegisterAsync(NodeRegistration registration, CancellationToken cancellationToken) => SingleAsync(
        MonitorSql.RegisterNode, ReadAssignment, repeatable: false, cancellationToken,
        Arg(registration.FormationId), Arg(registration.Host), Arg(registration.Port), Arg(registration.DbName), Arg(registration.NodeName), Arg(registration.SystemIdentifier), Arg(registration.DesiredNodeId),
        Arg(registration.DesiredGroupId), Arg(registration.InitialState.ToWire()), Arg(registration.NodeKind), Arg(registration.CandidatePriority), Arg(registration.ReplicationQuorum), Arg(registration.Cluster));

    public Task<NodeAssignment> NodeActiveAsync(NodeReport report, CancellationToken cancellationToken) => SingleAsync(
        MonitorSql.NodeActive, ReadAssignment, repeatable: true, cancellationToken,
        Arg(report.FormationId), Arg(report.NodeId), Arg(report.GroupId), Arg(report.CurrentState.ToWire()), Arg(report.PgIsRunning), Arg(report.Timeline),
        Arg(report.Lsn.ToString()), Arg(report.RepState), Arg(JsonSerializer.Serialize(report.Evidence, EvidenceJson.Default.NodeEvidence)));

    public Task<IReadOnlyList<NodeAddress>> GetOtherNodesAsync(long nodeId, CancellationToken cancellationToken) =>
        ListAsync(MonitorSql.OtherNodes, ReadAddress, cancellationToken, Arg(nodeId));

    public Task<NodeAddress> GetPrimaryAsync(string formationId, int groupId, CancellationToken cancellationToken) =>
        SingleAsync(MonitorSql.Primary, ReadAddress, repeatable: true, cancellationToken, Arg(formationId), Arg(groupId));

    public async Task<IReadOnlyList<NodeAddress>> GetStandbysAheadAsync(string formationId, int groupId, long callerId, CancellationToken cancellationToken) =>
        await ListAsync(MonitorSql.StandbysAhead, ReadAddress, cancellationToken, Arg(formationId), Arg(groupId), Arg(callerId));

    public async Task<string> GetSynchronousStandbyNamesAsync(string formationId, int groupId, long leaderId, CancellationToken cancellationToken) =>
        await ListAsync(MonitorSql.SynchronousStandbyNames, r => r.IsDBNull(0) ? "" : r.GetString(0), cancellationToken, Arg(formationId), Arg(groupId), Arg(leaderId))
            is [var names] ? names : throw new MonitorException($"the monitor does not want node {leaderId} to be the primary any more");

    public Task SetNodeSystemIdentifierAsync(long nodeId, long systemIdentifier, CancellationToken cancellationToken) =>
        ListAsync(MonitorSql.SetSystemIdentifier, r => r.GetInt64(0), cancellationToken, Arg(nodeId), Arg(systemIdentifier));

    public Task UpdateNodeMetadataAsync(long nodeId, string name, string host, int port, CancellationToken cancellationToken) =>
        SingleAsync(MonitorSql.UpdateMetadata, r => r.GetBoolean(0), repeatable: true, cancellationToken, Arg(nodeId), Arg(name), Arg(host), Arg(port));

    public Task<bool> RemoveNodeAsync(long nodeId, bool force, CancellationToken cancellationToken) =>
        SingleAsync(MonitorSql.RemoveNode, r => r.GetBoolean(0), repeatable: false, cancellationToken, Arg(nodeId), Arg(force));

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

    public Task SetClientAddressAsync(long nodeId, ClientAddress client, CancellationToken cancellationToken) => SingleAsync(
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

    private static NodeAssignment ReadAssignment(NpgsqlDataReader r) => new(
        r.GetInt64(0), r.GetInt32(1), ReadState(r, 2), r.GetInt32(3), r.GetBoolean(4), r.FieldCount > 5 ? r.GetString(5) : "");

    private static NodeAddress ReadAddress(NpgsqlDataReader r) => new(
        r.GetInt64(0), r.GetString(1), r.GetString(2), r.GetInt32(3), Lsn.Parse(r.GetString(4)), r.GetBoolean(5));

    private static NodeState ReadState(NpgsqlDataReader r, int ordinal) =>
        NodeStates.TryParse(r.GetString(ordinal), out var state)
            ? state
            : throw new MonitorException($"the monitor answered with node state \"{r.GetString(ordinal)}\", which this version does not know");

    private static NpgsqlParameter<T> Arg<T>(T value) => new() { TypedValue = value };

    private async Task<T> SingleAsync<T>(
        string sql, Func<NpgsqlDataReader, T> read, bool repeatable, CancellationToken cancellationToken, params NpgsqlParameter[] arguments)
    {
        var rows = await QueryAsync(sql, read, repeatable, arguments, cancellationToken);
        return rows is [var row] ? row : throw new MonitorException($"the monitor answered with {rows.Count} rows where one was expected");
    }

    private async Task<IReadOnlyList<T>> ListAsync<T>(
        string sql, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken, params NpgsqlParameter[] arguments) =>
        await QueryAsync(sql, read, repeatable: true, arguments, cancellationToken);

    private Task<List<T>> QueryAsync<T>(
        string sql, Func<NpgsqlDataReader, T> read, bool repeatable, NpgsqlParameter[] arguments, CancellationToken cancellationToken) =>
        _calls.CallAsync(
            async (connection, ct) =>
            {
                await using var command = new NpgsqlCommand(sql, connection);
                foreach (var argument in arguments)
                {
                    command.Parameters.Add(argument.Clone());
                }

                // Parsed and planned once for each connection; later calls find it prepared.
                await command.PrepareAsync(ct);
                var rows = new List<T>();
                await using var reader = await command.ExecuteReaderAsync(ct);
                while (await reader.ReadAsync(ct))
                {
                    rows.Add(read(reader));
                }

                return rows;
            },
            repeatable,
            cancellationToken);
}
