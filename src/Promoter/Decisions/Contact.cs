using System.Globalization;
using PgAutoFailover.Core.Vocabulary;
using PgAutoFailover.Promoter.Looking;
using PgAutoFailover.Promoter.Worker;

namespace PgAutoFailover.Promoter.Decisions;

/// <summary>What is known of the primary under one connection string. With another connection string it begins anew.</summary>
internal sealed record Contact
{
    /// <summary>Nothing is known.</summary>
    public static Contact None { get; } = new();

    /// <summary>When the primary let us in last. Null: never under this connection string, so that its silence proves nothing.</summary>
    public DateTimeOffset? LastAt { get; private init; }

    /// <summary>How far its WAL was then.</summary>
    public Lsn Position { get; private init; }

    /// <summary>Looks in a row that found it gone.</summary>
    public int Failures { get; private init; }

    /// <summary>Our walreceiver has heard of it although the looks found it gone, or is still connected to it.</summary>
    public bool StillStreams { get; private init; }

    /// <summary>How far it was with hearing when the row of failures began.</summary>
    private long HeardAtFirst { get; init; }

    /// <summary>Adds one look.</summary>
    /// <param name="answer">What it found.</param>
    /// <param name="before">The server when the look began.</param>
    /// <param name="after">The server when it had ended.</param>
    /// <param name="now">For a person.</param>
    public Contact Add(Answer answer, ServerState before, ServerState after, DateTimeOffset now)
    {
        if (answer.Kind == AnswerKind.Serves)
        {
            return new Contact { LastAt = now, Position = answer.Position };
        }

        if (!answer.IsGone)
        {
            return this with { Failures = 0, StillStreams = false };
        }

        var heardAtFirst = Failures == 0 ? before.Heard : HeardAtFirst;

        // A primary that is gone ends its walsenders, which our walreceiver notices at once. One that is silent leaves it connected and hearing nothing.
        var stillStreams = after.Connected && (answer.Kind == AnswerKind.Refused || after.Heard != heardAtFirst);
        return this with { Failures = stillStreams ? 0 : Failures + 1, StillStreams = stillStreams, HeardAtFirst = heardAtFirst };
    }

    /// <summary>How far this server is behind what is known of the primary; null when nothing is.</summary>
    public long? Behind(ServerState server)
    {
        var known = Position > server.SenderEnd ? Position : server.SenderEnd;
        return !Position.IsValid ? null : known > server.Position ? (long)known.DistanceTo(server.Position) : 0;
    }

    /// <summary>What a program that is started after this one needs to know, under the same settings.</summary>
    public string ToMemory(int generation) => string.Create(
        CultureInfo.InvariantCulture, $"{generation} {LastAt?.ToUnixTimeMilliseconds() ?? 0} {Position.Value}");

    /// <summary>What the program before this one knew, if it was under these settings; else nothing.</summary>
    public static Contact OfMemory(string memory, int generation)
    {
        var parts = memory.Split(' ');
        return parts.Length == 3 && parts[0] == generation.ToString(CultureInfo.InvariantCulture)
            && long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var at) && at > 0
            && ulong.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out var position)
            ? new Contact { LastAt = DateTimeOffset.FromUnixTimeMilliseconds(at), Position = new Lsn(position) }
            : None;
    }
}
