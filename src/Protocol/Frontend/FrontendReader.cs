using System.Buffers;
using System.Globalization;

namespace PgAutoFailover.Protocol.Frontend;

/// <summary>
/// Cuts the bytes that a client sends into messages. The first messages of a session have no type byte: read those with
/// <see cref="ReadStartup"/> until a <see cref="StartupMessage"/> came, and everything after it with <see cref="Read"/>.
/// Both are functions of the bytes alone. They take a message from the front of <c>buffer</c>, or leave it as it is.
/// </summary>
public static class FrontendReader
{
    /// <summary>PostgreSQL's own limit for what comes before authentication.</summary>
    public const int MaxStartupLength = 10_000;

    /// <summary>Reads a message of a session that is being opened.</summary>
    public static ReadOutcome ReadStartup(ref ReadOnlySequence<byte> buffer)
    {
        var reader = new SequenceReader<byte>(buffer);
        if (!reader.TryReadBigEndian(out int length))
        {
            return ReadOutcome.NeedMore;
        }

        if (length is < 8 or > MaxStartupLength)
        {
            return ReadOutcome.Of(new ProtocolError(ProtocolError.ProtocolViolation, "invalid length of startup packet"));
        }

        if (buffer.Length < length)
        {
            return ReadOutcome.NeedMore;
        }

        var payload = new PayloadReader(buffer.Slice(4, length - 4));
        buffer = buffer.Slice(length);
        _ = payload.TryReadInt32(out var code); // the length has been checked
        return code switch
        {
            StartupMessage.ProtocolVersion => StartupMessage.Read(ref payload),
            SslRequest.Code when payload.AtEnd => ReadOutcome.Of(SslRequest.Instance),
            GssEncRequest.Code when payload.AtEnd => ReadOutcome.Of(GssEncRequest.Instance),
            SslRequest.Code or GssEncRequest.Code => payload.Malformed("encryption request"),
            CancelRequest.Code => CancelRequest.Read(ref payload),
            _ => ReadOutcome.Of(new ProtocolError(
                ProtocolError.FeatureNotSupported,
                string.Create(CultureInfo.InvariantCulture, $"unsupported protocol version {code >> 16}.{code & 0xffff}: only 3.0 is spoken here"))),
        };
    }

    /// <summary>Reads a message of an open session.</summary>
    /// <param name="maxLength">Longest payload that is accepted, in bytes: a client cannot make the reader hold more.</param>
    public static ReadOutcome Read(ref ReadOnlySequence<byte> buffer, int maxLength)
    {
        var reader = new SequenceReader<byte>(buffer);
        if (!reader.TryRead(out var type) || !reader.TryReadBigEndian(out int length))
        {
            return ReadOutcome.NeedMore;
        }

        if (length < 4)
        {
            return ReadOutcome.Of(new ProtocolError(ProtocolError.ProtocolViolation, "invalid message length"));
        }

        if (length - 4 > maxLength)
        {
            return ReadOutcome.Of(new ProtocolError(
                ProtocolError.ProgramLimitExceeded,
                string.Create(CultureInfo.InvariantCulture, $"message of {length - 4L} bytes is longer than the limit of {maxLength}")));
        }

        var total = length + 1L;
        if (buffer.Length < total)
        {
            return ReadOutcome.NeedMore;
        }

        var payload = new PayloadReader(buffer.Slice(5, length - 4));
        buffer = buffer.Slice(total);
        return type switch
        {
            Query.Type => Query.Read(ref payload),
            Terminate.Type => Terminate.Read(ref payload),
            _ => ReadOutcome.Of(new ProtocolError(
                ProtocolError.FeatureNotSupported,
                string.Create(CultureInfo.InvariantCulture, $"message type 0x{type:X2} is not supported: only simple queries are"))),
        };
    }
}
