using System.Data.Common;
using System.Net.Sockets;
using System.Security.Authentication;
using PgAutoFailover.Core.Vocabulary;
using PgAutoFailover.Postgres.Connections;
using PgAutoFailover.Promoter.Settings;

namespace PgAutoFailover.Promoter.Looking;

/// <summary>
/// One look at the primary, over a connection of its own: only a new connection asks the postmaster, and one that is kept would hold up a
/// shutdown of the primary.
/// </summary>
internal sealed class PrimaryLook(string systemIdentifier, TimeProvider time)
{
    /// <summary>Beyond its timeouts a look may take this long; more, and it was us who did not run.</summary>
    private static readonly TimeSpan s_lateness = TimeSpan.FromSeconds(2);

    /// <summary>Never fails, and takes no longer than the two timeouts together.</summary>
    public async Task<Answer> LookAsync(PromoterSettings settings, CancellationToken cancellationToken) =>
        Answer.OfAll(await Task.WhenAll(settings.Primary.Select(host => LookAtAsync(host, settings, cancellationToken))));

    private async Task<Answer> LookAtAsync(ConnectionUri host, PromoterSettings settings, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var wasLetIn = false;
        try
        {
            await using var session = Session(host, settings);
            await WithinAsync(settings.ConnectTimeout, session.OpenAsync, cancellationToken);
            wasLetIn = true;
            PrimaryIdentity? identity = null;
            await WithinAsync(settings.StatementTimeout, async token => identity = await session.IdentifyAsync(token), cancellationToken);
            return Judge(identity!); // set by the call above, or that has thrown
        }
        catch (Exception e) when (IsOfALook(e) && !cancellationToken.IsCancellationRequested)
        {
            var answer = FailureReading.Read(e, wasLetIn);
            return answer.IsGone && time.GetElapsedTime(started) > settings.ConnectTimeout + settings.StatementTimeout + s_lateness
                ? new Answer(AnswerKind.Unknown, "this machine did not run for a while")
                : answer;
        }
    }

    private Answer Judge(PrimaryIdentity identity) =>
        identity.SystemIdentifier != systemIdentifier
            ? new Answer(AnswerKind.OtherCluster, $"the server there belongs to another cluster: its system identifier is {identity.SystemIdentifier}, ours is {systemIdentifier}")
        : identity.InRecovery
            ? new Answer(AnswerKind.Standby, "the server there is a standby itself, not the primary")
        : new Answer(AnswerKind.Serves, "", identity.Position);

    private static IPrimarySession Session(ConnectionUri host, PromoterSettings settings) =>
        settings.Replication ? new ReplicationSession(host, settings) : new SqlSession(host, settings);

    private async Task WithinAsync(TimeSpan limit, Func<CancellationToken, Task> act, CancellationToken cancellationToken)
    {
        using var clock = new CancellationTokenSource(limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(clock.Token, cancellationToken);
        await act(either.Token);
    }

    private static bool IsOfALook(Exception e) =>
        e is DbException or SocketException or IOException or TimeoutException or OperationCanceledException or AuthenticationException
            or InvalidOperationException or ArgumentException or NotSupportedException or FormatException or UnauthorizedAccessException
            or System.Security.Cryptography.CryptographicException;
}

/// <summary>Who answers at the primary's address.</summary>
internal sealed record PrimaryIdentity(string SystemIdentifier, bool InRecovery, Lsn Position);

/// <summary>One connection to the primary, over which protocol ever.</summary>
internal interface IPrimarySession : IAsyncDisposable
{
    Task OpenAsync(CancellationToken cancellationToken);

    Task<PrimaryIdentity> IdentifyAsync(CancellationToken cancellationToken);
}
