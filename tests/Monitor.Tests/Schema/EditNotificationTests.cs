using PgAutoFailover.Monitor.Tests.Server;
using Shouldly;
using Xunit;

namespace PgAutoFailover.Monitor.Tests.Schema;

/// <summary>An operator may edit the tables with psql: the service is told, and is not told of what it wrote itself.</summary>
public sealed class EditNotificationTests(ThrowawayPostgres postgres) : InstalledSchema(postgres)
{
    [Theory]
    [InlineData("update pgautofailover.formation set dbname = 'other'")]
    [InlineData("insert into pgautofailover.formation values ('other')")]
    [InlineData("update pgautofailover.node set candidatepriority = 1")]
    [InlineData("delete from pgautofailover.node")]
    [InlineData("truncate pgautofailover.node")]
    public async Task An_edit_is_told(string sql)
    {
        await using var service = await ListenAsync();
        await Session.ExecuteAsync(sql);
        (await HeardAsync(service)).ShouldBe(["pgautofailover_edit", "end"]);
    }

    [Fact]
    public async Task What_the_service_writes_is_not_told()
    {
        await using var service = await ListenAsync();
        await using var writer = await Postgres.ConnectAsync(Database, applicationName: "pg_autoctl monitor service");
        await writer.ExecuteAsync("update pgautofailover.formation set dbname = 'other'; update pgautofailover.node set health = 1");
        (await HeardAsync(service)).ShouldBe(["end"]);
    }

    private async Task<Npgsql.NpgsqlConnection> ListenAsync()
    {
        var service = await Postgres.ConnectAsync(Database);
        await service.ExecuteAsync("listen pgautofailover_edit; listen \"end\"");
        return service;
    }

    // Notifications arrive in the order of their commits: what came before "end" is all there is.
    private async Task<List<string>> HeardAsync(Npgsql.NpgsqlConnection service)
    {
        var heard = new List<string>();
        service.Notification += (_, e) => heard.Add(e.Channel);
        await Session.ExecuteAsync("notify \"end\"");
        while (!heard.Contains("end"))
        {
            await service.WaitAsync(TestContext.Current.CancellationToken);
        }

        return heard;
    }
}
