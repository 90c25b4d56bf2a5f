using Npgsql;
using PgAutoFailover.Postgres.Postmasters;
using PgAutoFailover.Postgres.Settings;
using ServerError = Npgsql.PostgresException;

namespace PgAutoFailover.Postgres.Sessions;

/// <summary>
/// How to reach the local server as a superuser: where its pid file says that it listens, as the operating system's user, which
/// owns the cluster, or, in a cluster that was made by someone else, as the configured user.
/// </summary>
internal sealed class LocalEndpoint(Func<PostgresOptions> options, Func<Postmaster?> postmaster)
{
    private const string RoleDoesNotExist = "28000";
    private const string DatabaseDoesNotExist = "3D000";

    // What an operator sets for all sessions must not stop the ones that keep the server alive.
    private const string Unhindered =
        "-c synchronous_commit=local -c search_path=pg_catalog -c statement_timeout=0 -c lock_timeout=0 "
        + "-c default_transaction_read_only=off -c idle_in_transaction_session_timeout=0";

    private (string User, string Database)? _known;

    /// <summary>The running server.</summary>
    /// <exception cref="Server.PostgresException">There is none.</exception>
    public PostmasterPidFile Find() => postmaster()?.PidFile
        ?? throw new Server.PostgresException($"PostgreSQL does not run in \"{options().PgData}\"");

    /// <summary>Opens a connection that nothing on the server may hold up: its own commits never wait for a standby.</summary>
    public async Task<NpgsqlConnection> ConnectAsync(PostmasterPidFile server, TimeSpan commandTimeout, CancellationToken cancellationToken)
    {
        ServerError? first = null;
        foreach (var (user, database) in Candidates())
        {
            var settings = Settings(server, user, database, commandTimeout);
            settings.Options = Unhindered;
            var connection = new NpgsqlConnection(settings.ConnectionString);
            try
            {
                await connection.OpenAsync(cancellationToken);
                _known = (user, database);
                return connection;
            }
            catch (ServerError e) when (e.SqlState is RoleDoesNotExist or DatabaseDoesNotExist)
            {
                first ??= e;
                await connection.DisposeAsync();
            }
            catch
            {
                await connection.DisposeAsync();
                throw;
            }
        }

        throw first!; // there is at least one candidate
    }

    /// <summary>A connection string for one use, to a given database.</summary>
    public string ConnectionString(string database) =>
        Settings(Find(), _known?.User ?? Environment.UserName, database, TimeSpan.FromSeconds(30)).ConnectionString;

    /// <summary>The same, for a session whose commits wait for no standby.</summary>
    public string UnhinderedConnectionString(string database) =>
        new NpgsqlConnectionStringBuilder(ConnectionString(database)) { Options = Unhindered }.ConnectionString;

    private IEnumerable<(string User, string Database)> Candidates()
    {
        var configured = options();
        string[] users = [Environment.UserName, configured.UserName ?? Environment.UserName];
        string[] databases = ["postgres", configured.DbName];
        var all = databases.SelectMany(d => users.Select(u => (u, d))).Distinct();
        return _known is { } known ? all.OrderBy(c => c == known ? 0 : 1) : all;
    }

    private static NpgsqlConnectionStringBuilder Settings(PostmasterPidFile server, string user, string database, TimeSpan commandTimeout) =>
        new()
        {
            Host = server.SocketDirectory is { Length: > 0 } directory ? directory : TcpHost(server.ListenAddress),
            Port = server.Port,
            Username = user,
            Database = database,
            ApplicationName = "pg_auto_failover",
            Pooling = false,
            GssEncryptionMode = GssEncryptionMode.Disable,
            Timeout = 2,
            CommandTimeout = (int)commandTimeout.TotalSeconds,
            CancellationTimeout = 500,
            Enlist = false,
        };

    private static string TcpHost(string listenAddress) => listenAddress is "*" or "" or "0.0.0.0" or "::" ? "localhost" : listenAddress;
}
