using Npgsql;

namespace PgAutoFailover.Cli.Demo;

/// <summary>A session of the application with the host that takes writes.</summary>
/// <param name="Retries">Attempts that failed before it.</param>
/// <param name="Elapsed">From the first attempt to this session.</param>
internal sealed record DemoSession(NpgsqlConnection Connection, int Retries, TimeSpan Elapsed) : IAsyncDisposable
{
    public async Task<int> ExecuteAsync(string sql, CancellationToken cancellationToken, params object[] arguments)
    {
        await using var command = new NpgsqlCommand(sql, Connection);
        foreach (var argument in arguments)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = argument });
        }

        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public async Task<List<ConnectTime>> ReadTimesAsync(CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("select client, retries, us from demo.tracking", Connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var times = new List<ConnectTime>();
        while (await reader.ReadAsync(cancellationToken))
        {
            times.Add(new ConnectTime(reader.GetInt32(0), reader.GetInt32(1), reader.GetInt64(2)));
        }

        return times;
    }

    public ValueTask DisposeAsync() => Connection.DisposeAsync();
}
