using Npgsql;
using PgAutoFailover.Postgres.Sessions;
using PgAutoFailover.Postgres.Settings;
using PgAutoFailover.Postgres.Standby;

namespace PgAutoFailover.Postgres.Roles;

/// <summary>The roles, the database and the extension that a data node has. What exists already is left as it is.</summary>
internal sealed class DataNodeRoles(LocalCommands commands, LocalEndpoint endpoint)
{
    public const string MonitorRole = "pgautofailover_monitor";

    public async Task EnsureAsync(PostgresOptions options, CancellationToken cancellationToken)
    {
        if (options.UserName is { } user)
        {
            await EnsureRoleAsync(user, "login superuser", null, cancellationToken);
        }

        await EnsureMonitorAsync(cancellationToken);
        await EnsureReplicatorAsync(options, cancellationToken);
        await EnsureDatabaseAsync(options.DbName, options.UserName, cancellationToken);
        await EnsureExtensionAsync(options.DbName, "pg_stat_statements", cancellationToken);
    }

    public Task EnsureMonitorAsync(CancellationToken cancellationToken) =>
        EnsureRoleAsync(MonitorRole, $"login connection limit 1 password {Sql.Text(MonitorRole)}", null, cancellationToken);

    public Task EnsureReplicatorAsync(PostgresOptions options, CancellationToken cancellationToken)
    {
        // The password may have been set, or changed, in the configuration since the role was made.
        var password = PasswordClause(options);
        return EnsureRoleAsync(Conninfo.Replicator, $"login superuser replication {password}", password, cancellationToken);
    }

    /// <summary>Gives the replication role the password of the configuration, where there is one. A server that takes writes must run.</summary>
    public Task SetReplicationPasswordAsync(PostgresOptions options, CancellationToken cancellationToken) =>
        PasswordClause(options) is null ? Task.CompletedTask : EnsureReplicatorAsync(options, cancellationToken);

    private static string? PasswordClause(PostgresOptions options) => options.ReplicationPassword is { Length: > 0 } secret
        ? $"password {Sql.Text(PasswordVerifier.Of(Conninfo.Replicator, secret, options.AuthMethod))}"
        : null;

    // Even what is stored of a password belongs into no log: whoever has that of method md5 can log in.
    private async Task EnsureRoleAsync(string role, string created, string? altered, CancellationToken cancellationToken)
    {
        var exists = await commands.ScalarAsync($"select 1 from pg_roles where rolname = {Sql.Text(role)}", cancellationToken) is not null;
        if (exists && altered is null)
        {
            return;
        }

        await commands.ExecuteAsync(
            $"set log_statement = 'none'; set log_min_duration_statement = -1; set pg_stat_statements.track_utility = off; "
            + $"{(exists ? "alter" : "create")} role {Sql.Name(role)} with {(exists ? altered : created)}; "
            + "reset log_statement; reset log_min_duration_statement; reset pg_stat_statements.track_utility",
            cancellationToken);
    }

    private async Task EnsureDatabaseAsync(string database, string? owner, CancellationToken cancellationToken)
    {
        if (await commands.ScalarAsync($"select 1 from pg_database where datname = {Sql.Text(database)}", cancellationToken) is null)
        {
            await commands.ExecuteAsync(
                $"create database {Sql.Name(database)}{(owner is null ? "" : $" owner {Sql.Name(owner)}")}", cancellationToken);
        }
    }

    private async Task EnsureExtensionAsync(string database, string extension, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = new NpgsqlConnection(endpoint.UnhinderedConnectionString(database));
            await connection.OpenAsync(cancellationToken);
            await using var command = new NpgsqlCommand($"create extension if not exists {Sql.Name(extension)} schema public cascade", connection);
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
        catch (NpgsqlException e)
        {
            throw new Server.PostgresException(
                $"could not create extension {extension} in database \"{database}\": {e.Message}", "Install PostgreSQL's contrib modules.", e);
        }
    }
}
