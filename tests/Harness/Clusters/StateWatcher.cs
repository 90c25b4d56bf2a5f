using System.Collections.Immutable;
using Npgsql;

namespace PgAutoFailover.Harness.Clusters;

/// <summary>
/// Reads the monitor's table of nodes over and over on one kept connection, and keeps every version that differed from the one before.
/// The table is the same in every implementation; reading it is far cheaper than running a command, so short states are seen too.
/// </summary>
public sealed class StateWatcher : IDisposable
{
    private const string Query =
        "select nodeid, nodename, nodeport, reportedstate::text, goalstate::text, health from pgautofailover.node order by nodeid";

    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(20);

    private readonly string _connectionString;
    private readonly Thread _thread;
    private readonly Lock _lock = new();
    private readonly ManualResetEventSlim _stop = new();
    private ImmutableList<ClusterStatus> _changes = [];

    public StateWatcher(string connectionString)
    {
        _connectionString = connectionString;
        _thread = new Thread(Watch) { IsBackground = true, Name = "state watcher" };
        _thread.Start();
    }

    /// <summary>Every distinct status so far, oldest first.</summary>
    public ImmutableList<ClusterStatus> Changes
    {
        get
        {
            lock (_lock)
            {
                return _changes;
            }
        }
    }

    public ClusterStatus Last => Changes is [.., var last] ? last : new ClusterStatus(Clock.Now, [], "not seen yet");

    /// <summary>When the latest successful look at the table began.</summary>
    public TimeSpan LastSeen
    {
        get
        {
            lock (_lock)
            {
                return field;
            }
        }

        private set
        {
            lock (_lock)
            {
                field = value;
            }
        }
    }

    public void Dispose()
    {
        _stop.Set();
        _thread.Join();
        _stop.Dispose();
    }

    private void Watch()
    {
        NpgsqlConnection? connection = null;
        while (!_stop.Wait(s_pause))
        {
            TimeSpan began = Clock.Now;
            try
            {
                if (connection is null)
                {
                    connection = new NpgsqlConnection(_connectionString);
                    connection.Open();
                }

                Record(new ClusterStatus(began, Read(connection), Error: null));
                LastSeen = began;
            }
            catch (Exception e) when (e is NpgsqlException or TimeoutException or InvalidOperationException or IOException)
            {
                connection?.Dispose();
                connection = null;
                Record(new ClusterStatus(began, [], e is PostgresException p ? p.MessageText : e.Message));
            }
        }

        connection?.Dispose();
    }

    private static ImmutableArray<NodeStatus> Read(NpgsqlConnection connection)
    {
        using var command = new NpgsqlCommand(Query, connection);
        using NpgsqlDataReader reader = command.ExecuteReader();
        ImmutableArray<NodeStatus>.Builder nodes = ImmutableArray.CreateBuilder<NodeStatus>();
        while (reader.Read())
        {
            nodes.Add(new NodeStatus(
                reader.GetInt64(0), reader.GetString(1), reader.GetInt32(2), reader.GetString(3), reader.GetString(4), reader.GetInt32(5)));
        }

        return nodes.DrainToImmutable();
    }

    private void Record(ClusterStatus status)
    {
        lock (_lock)
        {
            if (_changes is not [.., var last] || !last.SameAs(status))
            {
                _changes = _changes.Add(status);
            }
        }
    }
}
