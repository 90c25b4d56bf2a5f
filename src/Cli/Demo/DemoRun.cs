using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Logging;

namespace PgAutoFailover.Cli.Demo;

/// <summary>
/// A run of the demonstration: tables are made, clients write for a while, failovers happen under them, and then what the clients have
/// measured is shown. The tables stay, for <c>do demo summary</c> and for whoever has questions of his own.
/// </summary>
internal static class DemoRun
{
    /// <exception cref="CommandFailure">The database cannot be reached, or a client never got a row into it.</exception>
    public static async Task<int> RunAsync(DemoTarget target, DemoSettings settings, CommandContext context, CancellationToken cancellationToken)
    {
        var database = await target.FindDatabaseAsync(context, cancellationToken);
        await database.PrepareAsync(context, cancellationToken);
        context.Log.StartingClients(settings.Clients);
        var clients = Enumerable.Range(1, settings.Clients).Select(n => new DemoClient(n, database, RetryPolicy.Draw(), context)).ToList();
        using (var over = new CancellationTokenSource(settings.Duration, context.Time))
        using (var stop = CancellationTokenSource.CreateLinkedTokenSource(over.Token, cancellationToken))
        {
            try
            {
                await Task.WhenAll([new DemoFailovers(target, settings, context).RunAsync(stop.Token), .. clients.Select(c => RunAsync(c, stop))]);
            }
            catch (Npgsql.PostgresException exception)
            {
                throw new CommandFailure(ExitCode.LocalSql, $"The application's database refuses: {exception.MessageText}", exception.Hint, exception);
            }
        }

        cancellationToken.ThrowIfCancellationRequested();
        await using (var session = await database.ConnectAsync(RetryPolicy.Usual, RetryPolicy.Patience, cancellationToken))
        {
            foreach (var client in clients)
            {
                await client.IntroduceAsync(session, cancellationToken);
            }
        }

        context.Log.DemoSummary(settings.Clients, (int)settings.Duration.TotalSeconds);
        DemoReport.Write(context.Out, await database.ReadTimesAsync(cancellationToken));
        return clients.TrueForAll(c => c.Writes > 0)
            ? ExitCode.Ok
            : throw new CommandFailure(
                ExitCode.Internal,
                $"{clients.Count(c => c.Writes == 0)} of {clients.Count} clients never got a row into the database",
                "\"pg_autoctl show state\" tells which node takes writes, \"pg_autoctl explain\" why none does");
    }

    // What a client cannot get over ends all of them: a missing right or a full disk is the same for each.
    private static async Task RunAsync(DemoClient client, CancellationTokenSource stop)
    {
        try
        {
            await client.RunAsync(stop.Token);
        }
        catch
        {
            await stop.CancelAsync();
            throw;
        }
    }
}
