using Npgsql;
using PgAutoFailover.Monitor.Schema;
using PgAutoFailover.Monitor.Service;
using PgAutoFailover.Monitor.Tests.Server;
using Xunit;

namespace PgAutoFailover.Monitor.Tests.Schema;

/// <summary>A database with the schema, and a superuser's session in it; no service runs.</summary>
public abstract class InstalledSchema(ThrowawayPostgres postgres) : IAsyncLifetime
{
    protected ThrowawayPostgres Postgres { get; } = postgres;

    protected string Database { get; private set; } = "";

    protected NpgsqlConnection Session { get; private set; } = null!; // by InitializeAsync

    protected ServiceAddress Address => new(Path.Combine(Postgres.Root, Database));

    public virtual async ValueTask InitializeAsync()
    {
        Database = await Postgres.CreateDatabaseAsync();
        Session = await Postgres.ConnectAsync(Database);
        await SchemaInstaller.InstallAsync(Session, Address, TestContext.Current.CancellationToken);
    }

    public virtual async ValueTask DisposeAsync()
    {
        await Session.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>A row of table node; the name says the port, too.</summary>
    protected Task InsertNodeAsync(int id, string reported, string? goal = null, string columns = "", string values = "") => Session.ExecuteAsync(
        $"""
        insert into pgautofailover.node (nodeid, groupid, nodename, nodehost, nodeport, sysidentifier, reportedstate, goalstate{columns})
             values ({id}, 0, 'node{id}', 'localhost', {5500 + id}, 1, '{reported}', '{goal ?? reported}'{values})
        """);
}
