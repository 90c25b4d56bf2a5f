using Npgsql;
using PgAutoFailover.Core.Messages;

namespace PgAutoFailover.Monitor.Store;

/// <summary>The service's way to the monitor's own PostgreSQL: a pool for work, single sessions for what must be its own.</summary>
internal sealed class MonitorDatabase : IAsyncDisposable
{
    /// <summary>By this name the schema's triggers know the service's own writes.</summary>
    public const string ApplicationName = "pg_autoctl monitor service";

    private readonly NpgsqlDataSource _unpooled;

    public MonitorDatabase(MonitorServiceOptions options)
    {
        Source = Build(options, pooling: true);
        _unpooled = Build(options, pooling: false);
    }

    /// <summary>The pool.</summary>
    public NpgsqlDataSource Source { get; }

    /// <summary>A session that is opened now and ends with its disposal.</summary>
    public ValueTask<NpgsqlConnection> OpenUnpooledAsync(CancellationToken cancellationToken) => _unpooled.OpenConnectionAsync(cancellationToken);

    /// <summary>Whether PostgreSQL accepts a new session at this moment.</summary>
    public async Task<bool> AcceptsSessionsAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await OpenUnpooledAsync(cancellationToken);
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    /// <summary>Sends a question to the nodes' hooks.</summary>
    /// <exception cref="StoreException">PostgreSQL is away.</exception>
    public async Task AskHooksAsync(string question, CancellationToken cancellationToken)
    {
        try
        {
            await using var command = Source.CreateCommand($"select pg_notify('{HookQuestion.Channel}', $1)");
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = question });
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
        catch (NpgsqlException e)
        {
            throw new StoreException(e.Message, e);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Source.DisposeAsync();
        await _unpooled.DisposeAsync();
    }

    private static NpgsqlDataSource Build(MonitorServiceOptions options, bool pooling)
    {
        var settings = new NpgsqlConnectionStringBuilder
        {
            Host = options.SocketDirectory,
            Port = options.PgPort,
            Database = options.DbName,
            Username = options.SuperUser,
            ApplicationName = ApplicationName,
            Pooling = pooling,
            MaxPoolSize = options.MaxPoolSize,
            Timeout = 5,
            CommandTimeout = 15,
            MaxAutoPrepare = 40,
            NoResetOnClose = true, // no session is left with state of its own
            SslMode = SslMode.Disable,
            GssEncryptionMode = GssEncryptionMode.Disable,

            // What the database says of a row goes to the caller whose row it is.
            IncludeErrorDetail = true,

            // A client of the SQL API that holds row locks in its own transaction must not make a group wait for ever.
            Options = "-c lock_timeout=3s -c statement_timeout=10s -c idle_in_transaction_session_timeout=10s",
        };
        return new NpgsqlSlimDataSourceBuilder(settings.ConnectionString).EnableArrays().Build();
    }
}
