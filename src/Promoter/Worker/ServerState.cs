using System.Globalization;
using PgAutoFailover.Core.Vocabulary;

namespace PgAutoFailover.Promoter.Worker;

/// <summary>How the server that we are to promote is, in the worker's words.</summary>
/// <param name="InRecovery">It is a standby.</param>
/// <param name="PromotedByUs">It was asked by us to end recovery, and what is to be done afterwards is not done yet.</param>
/// <param name="Connected">Its walreceiver has a connection to the server that it receives from.</param>
/// <param name="Received">How far the WAL is that it has received and flushed.</param>
/// <param name="Replayed">How far the WAL is that it has replayed.</param>
/// <param name="SenderEnd">How far the WAL of the sender was, as the sender said last.</param>
/// <param name="Heard">When the walreceiver heard of its sender last: a number that changes with each message, not a time to reckon with.</param>
internal sealed record ServerState(bool InRecovery, bool PromotedByUs, bool Connected, Lsn Received, Lsn Replayed, Lsn SenderEnd, long Heard)
{
    /// <summary>All the WAL that this server has.</summary>
    public Lsn Position => Received > Replayed ? Received : Replayed;

    /// <exception cref="FormatException">It is no line of a worker of our version.</exception>
    public static ServerState Parse(string[] fields) => fields.Length == 8
        ? new ServerState(fields[1] == "1", fields[2] == "1", fields[3] == "1", ParseLsn(fields[4]), ParseLsn(fields[5]), ParseLsn(fields[6]), ParseNumber(fields[7]))
        : throw new FormatException("the worker's line \"server\" has not the fields that this version knows");

    private static Lsn ParseLsn(string text) => new(ulong.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture));

    private static long ParseNumber(string text) => long.Parse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
}
