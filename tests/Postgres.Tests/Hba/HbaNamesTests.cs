using Npgsql;
using PgAutoFailover.Postgres.Hba;
using PgAutoFailover.Postgres.Tests.Instances;
using Shouldly;
using Xunit;

namespace PgAutoFailover.Postgres.Tests.Hba;

/// <summary>What PostgreSQL makes of names in rules that could be read as something else.</summary>
public sealed class HbaNamesTests : PostgresTest
{
    private static readonly string[] s_names =
    [
        "all", "replication", "sameuser", "samerole", "samegroup", "+postgres", "@names", "/p.stgres", "two words", "a,b", "a\"b", "\"", "#none", "Upper", "plain",
    ];

    [Fact]
    public async Task A_name_stands_for_itself_and_for_nothing_else()
    {
        var server = await KeepAsync(TestInstance.PrimaryAsync(Root, 1, Token));
        await File.WriteAllTextAsync(Path.Combine(server.Options.PgData, "pg_hba.conf"), "local all all trust\n", Token);
        await server.Server.ReloadAsync(Token);
        foreach (var name in s_names)
        {
            var quoted = $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
            await server.QueryAsync($"create role {quoted} login", Token);
            await server.QueryAsync($"create database {quoted}", Token);
            await server.Server.AddHbaRuleAsync(new HbaRule(Ssl: false, HbaName.Of(name), HbaName.Of(name), "127.0.0.1/32", "trust"), Token);
        }

        (await server.QueryAsync($"select string_agg(line_number || ': ' || error, ', ') from pg_hba_file_rules", Token)).ShouldBe("");
        foreach (var name in s_names)
        {
            await UntilAsync(() => IsLetInAsync(server, name, name));
            (await IsLetInAsync(server, "postgres", name)).ShouldBeFalse(name);
            (await IsLetInAsync(server, name, server.Options.UserName ?? Environment.UserName)).ShouldBeFalse(name);
        }
    }

    // A reload has been taken up when the postmaster has seen its signal.
    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        while (!await condition())
        {
            await Task.Delay(20, Token);
        }
    }

    private static async Task<bool> IsLetInAsync(TestInstance server, string database, string user)
    {
        var settings = new NpgsqlConnectionStringBuilder { Host = "127.0.0.1", Port = server.Options.Port, Database = database, Username = user, Pooling = false };
        await using var connection = new NpgsqlConnection(settings.ConnectionString);
        try
        {
            await connection.OpenAsync(Token);
            return true;
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.InvalidAuthorizationSpecification)
        {
            return false;
        }
    }
}
