using Npgsql;

namespace PgAutoFailover.Harness.Clients;

/// <summary>
/// The servers of a connection string, tried in order as libpq does: each gets the whole connect timeout, and with
/// target_session_attrs=read-write one that refuses writes is passed over. (Npgsql spends one timeout on all of them together, so a
/// frozen first server would keep it from ever reaching the second.)
/// </summary>
internal sealed class Endpoints
{
    private readonly string[] _connectionStrings;
    private readonly bool _readWrite;

    internal Endpoints(NpgsqlConnectionStringBuilder target)
    {
        _readWrite = target.TargetSessionAttributes == "read-write";
        target.TargetSessionAttributes = null;
        _connectionStrings = [.. (target.Host ?? "localhost").Split(',').Select(server => ForOne(target, server))];
    }

    /// <summary>A connection to the first server that takes it; the failure of the last one if none does.</summary>
    internal NpgsqlConnection Open()
    {
        for (int i = 0; ; i++)
        {
            var connection = new NpgsqlConnection(_connectionStrings[i]);
            try
            {
                connection.Open();
                if (!_readWrite || TakesWrites(connection))
                {
                    return connection;
                }

                throw new NpgsqlException("session is read-only");
            }
            catch (Exception e) when (e is NpgsqlException or TimeoutException)
            {
                connection.Dispose();
                if (i == _connectionStrings.Length - 1)
                {
                    throw;
                }
            }
        }
    }

    private static bool TakesWrites(NpgsqlConnection connection)
    {
        using var command = new NpgsqlCommand("select not pg_is_in_recovery() and not current_setting('transaction_read_only')::bool", connection);
        return command.ExecuteScalar() is true;
    }

    private static string ForOne(NpgsqlConnectionStringBuilder target, string server)
    {
        int colon = server.LastIndexOf(':');
        var one = new NpgsqlConnectionStringBuilder(target.ConnectionString) { Host = server };
        if (colon > 0 && int.TryParse(server[(colon + 1)..], out int port))
        {
            one.Host = server[..colon].Trim('[', ']');
            one.Port = port;
        }

        return one.ConnectionString;
    }
}
