using PgAutoFailover.Postgres.Server;

namespace PgAutoFailover.Keeper.NodeActive;

/// <summary>Wakes the loop when something happened to the postmaster.</summary>
internal static class PostgresWatch
{
    public static async Task RunAsync(IPostgresServer server, LoopInputs inputs, CancellationToken cancellationToken)
    {
        try
        {
            while (!cancellationToken.IsCancellationRequested)
            {
                await server.WaitForChangeAsync(cancellationToken);
                inputs.Tell(LoopInput.PostgresChanged);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The service ends.
        }
    }
}
