using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace PgAutoFailover.Protocol.Backend;

/// <summary>
/// Writes one message whose length is known beforehand: the type, the length, then exactly <c>payloadLength</c> bytes.
/// </summary>
internal ref struct PayloadWriter
{
    private readonly IBufferWriter<byte> _output;
    private readonly int _total;
    private Span<byte> _rest;

    public PayloadWriter(IBufferWriter<byte> output, byte type, int payloadLength)
    {
        _output = output;
        _total = 1 + 4 + payloadLength;
        _rest = output.GetSpan(_total)[.._total];
        WriteByte(type);
        WriteInt32(4 + payloadLength);
    }

    /// <summary>Bytes that <see cref="WriteString"/> needs.</summary>
    public static int LengthOf(string text) => Encoding.UTF8.GetByteCount(text) + 1;

    public void WriteByte(byte value)
    {
        _rest[0] = value;
        _rest = _rest[1..];
    }

    public void WriteInt16(short value)
    {
        BinaryPrimitives.WriteInt16BigEndian(_rest, value);
        _rest = _rest[2..];
    }

    public void WriteInt32(int value)
    {
        BinaryPrimitives.WriteInt32BigEndian(_rest, value);
        _rest = _rest[4..];
    }

    /// <summary>Text and a terminating zero. A zero inside would end the field early and shift all that follows, so it becomes a space.</summary>
    public void WriteString(string text)
    {
        var written = WriteText(text);
        written.Replace((byte)0, (byte)' ');
        WriteByte(0);
    }

    /// <summary>Text alone, for fields that carry their length.</summary>
    public Span<byte> WriteText(string text)
    {
        var written = _rest[..Encoding.UTF8.GetBytes(text, _rest)];
        _rest = _rest[written.Length..];
        return written;
    }

    /// <summary>Hands the message over.</summary>
    public readonly void End()
    {
        if (!_rest.IsEmpty)
        {
            throw new InvalidOperationException("a message is shorter than it was announced");
        }

        _output.Advance(_total);
    }
}
