using System.Data.Common;
using System.Net.Sockets;
using System.Security.Authentication;
using Npgsql;
using PgAutoFailover.Postgres.Connections;
using PgAutoFailover.Promoter.Looking;
using PgAutoFailover.Promoter.Settings;

namespace PgAutoFailover.Promoter.Witnesses;

/// <summary>
/// Asks each witness, at the same time as we look ourselves, so that a witness that cannot be asked is known long before it is needed. It is told
/// the primary's host and port and no secret.
/// </summary>
internal sealed class WitnessRound(TimeProvider time)
{
    private const string Question = "select pg_promoter_look($1, $2, $3)";
    private const string Answers = "answers";
    private const string Gone = "gone";

    /// <summary>Never fails, and takes no longer than the witness may look and both timeouts together.</summary>
    public async Task<Verdict> AskAsync(PromoterSettings settings, CancellationToken cancellationToken) =>
        settings.Witnesses.IsEmpty
            ? Verdict.OfNobody
            : new Verdict([.. await Task.WhenAll(settings.Witnesses.Select(w => AskAsync(w, settings, cancellationToken)))], settings.WitnessQuorum);

    private async Task<Opinion> AskAsync(WitnessAddress witness, PromoterSettings settings, CancellationToken cancellationToken)
    {
        // It may look for as long as we do, once for each host, and needs as long to be asked as we would.
        using var clock = new CancellationTokenSource(settings.ConnectTimeout + (settings.ConnectTimeout * settings.Primary.Length) + settings.StatementTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(clock.Token, cancellationToken);
        try
        {
            await using var connection = witness.Connection.CreateConnection(ConnectionSettings.ApplicationName, b => ConnectionSettings.Apply(b, settings));
            await connection.OpenAsync(either.Token);
            var seen = new List<string>();
            foreach (var host in settings.Primary)
            {
                seen.Add(await LookAsync(connection, host.Hosts[0], settings.ConnectTimeout, either.Token));
            }

            return Judge(witness, seen);
        }
        catch (Exception e) when (e is DbException or SocketException or IOException or TimeoutException or OperationCanceledException
                                      or AuthenticationException or InvalidOperationException or ArgumentException or NotSupportedException
                                  && !cancellationToken.IsCancellationRequested)
        {
            return new Opinion(witness.Name, OpinionKind.None, FailureReading.Read(e, wasLetIn: false).Text);
        }
    }

    private static async Task<string> LookAsync(NpgsqlConnection connection, HostAndPort host, TimeSpan limit, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Question, connection);
        command.CommandTimeout = 0; // our own clock ends it
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = host.Host });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = host.Port });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = (int)limit.TotalMilliseconds });
        return await command.ExecuteScalarAsync(cancellationToken) as string ?? "";
    }

    private static Opinion Judge(WitnessAddress witness, List<string> seen) =>
        seen.Contains(Answers) ? new Opinion(witness.Name, OpinionKind.SeesIt, "")
        : seen.TrueForAll(s => s == Gone) ? new Opinion(witness.Name, OpinionKind.AgreesThatItIsGone, "")
        : new Opinion(witness.Name, OpinionKind.None, "it cannot tell: the primary's address means nothing there, or it has no network");
}
