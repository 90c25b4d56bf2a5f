using System.CommandLine;
using System.Net;
using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Logging;
using PgAutoFailover.Cli.Services;
using PgAutoFailover.Postgres.Connections;
using PgAutoFailover.Postgres.Discovery;

namespace PgAutoFailover.Cli.Commands.Do;

/// <summary>The argument by which <c>do show ipaddr</c> and <c>do show cidr</c> are told where the way leads, and this machine's address on it.</summary>
internal static class WayOut
{
    public static Argument<string?> NewArgument() => new("host") { Arity = ArgumentArity.ZeroOrOne };

    /// <param name="host">Null for the outside world.</param>
    /// <param name="context">Where to tell.</param>
    /// <param name="cancellationToken">Ends the wait for names.</param>
    /// <exception cref="CommandFailure">No way leads there.</exception>
    public static async Task<IPAddress> FindAddressAsync(string? host, CommandContext context, CancellationToken cancellationToken)
    {
        if (host is null)
        {
            return await OutwardAddress.FindAsync(context, cancellationToken);
        }

        context.Log.ConnectingTo(host, ConnectionUri.DefaultPort);
        return await OwnAddress.TowardsAsync(host, ConnectionUri.DefaultPort, cancellationToken) ?? throw new CommandFailure(
            ExitCode.Internal,
            $"This machine has no way to \"{host}\", or does not know that name",
            "Name a host that it reaches, such as the monitor's; or give the address with --hostname where a command needs it");
    }
}
