using Microsoft.Extensions.Logging;
using Npgsql;
using PgAutoFailover.Monitor.Store;

namespace PgAutoFailover.Monitor.Settings;

/// <summary>Follows the <c>pgautofailover.*</c> parameters: whenever PostgreSQL has loaded its configuration, they are read again.</summary>
internal sealed class SettingsWatcher(MonitorDatabase database, SettingsSource settings, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan s_period = TimeSpan.FromSeconds(1);

    private DateTime? _loaded;

    /// <summary>Reads the settings now.</summary>
    public async Task ReadAsync(CancellationToken cancellationToken)
    {
        // A new session, not one of the pool: what ALTER DATABASE set holds for sessions that begin after it.
        await using var connection = await database.OpenUnpooledAsync(cancellationToken);
        _loaded = await LoadTimeAsync(connection, cancellationToken);
        var (read, problems) = await SettingsReader.ReadAsync(connection, cancellationToken);
        foreach (var problem in problems)
        {
            Log.SettingIsInvalid(logger, problem);
        }

        if (read != settings.Current)
        {
            settings.Current = read;
            Log.SettingsInForce(logger, SettingsReader.Describe(read));
        }
    }

    /// <summary>Follows until cancelled. While PostgreSQL is away the settings stay as they are.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(s_period, time);
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            try
            {
                await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
                if (await LoadTimeAsync(connection, cancellationToken) != _loaded)
                {
                    await ReadAsync(cancellationToken);
                }
            }
            catch (NpgsqlException e)
            {
                Log.SettingsUnreadable(logger, e.Message);
            }
        }
    }

    private static async Task<DateTime> LoadTimeAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("select pg_conf_load_time()", connection);
        return (DateTime)(await command.ExecuteScalarAsync(cancellationToken))!; // never null
    }
}
