using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Logging;
using PgAutoFailover.Cli.Monitors;

namespace PgAutoFailover.Cli.Demo;

/// <summary>Whom the demonstration talks to: a group of a formation, and the user as whom its application connects.</summary>
internal sealed record DemoTarget(MonitorTarget Monitor, string Formation, int Group, string UserName)
{
    /// <summary>Asks the monitor for the application's connection string.</summary>
    /// <exception cref="CommandFailure">The monitor does not answer, or has no such formation.</exception>
    public async Task<string> ReadUriAsync(CommandContext context, CancellationToken cancellationToken)
    {
        await using var connection = await MonitorConnection.OpenAsync(Monitor, context, cancellationToken);
        return await FormationUri.ReadAsync(connection, Monitor, Formation, "default", cancellationToken);
    }

    /// <summary>The application's database.</summary>
    /// <exception cref="CommandFailure">The monitor does not answer, or has no such formation.</exception>
    public async Task<DemoDatabase> FindDatabaseAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var uri = await ReadUriAsync(context, cancellationToken);
        context.Log.ApplicationUri(uri);
        context.Log.ApplicationUser(UserName);
        return new DemoDatabase(uri, UserName, context.Time);
    }
}
