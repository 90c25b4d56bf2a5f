using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Unicode;

namespace PgAutoFailover.Protocol.Frontend;

/// <summary>Reads the fields of one message, never beyond its end. Text must be valid UTF-8: it ends up in logs, tables and JSON.</summary>
internal ref struct PayloadReader(ReadOnlySequence<byte> payload)
{
    private SequenceReader<byte> _reader = new(payload);
    private bool _badText;

    public readonly bool AtEnd => _reader.End;

    public bool TryReadInt32(out int value) => _reader.TryReadBigEndian(out value);

    /// <summary>Reads up to a terminating zero byte.</summary>
    public bool TryReadString([NotNullWhen(true)] out string? value)
    {
        value = null;
        if (!_reader.TryReadTo(out ReadOnlySequence<byte> bytes, 0))
        {
            return false;
        }

        var text = bytes.IsSingleSegment ? bytes.FirstSpan : bytes.ToArray();
        if (!Utf8.IsValid(text))
        {
            _badText = true;
            return false;
        }

        value = Encoding.UTF8.GetString(text);
        return true;
    }

    /// <summary>What is wrong with a message that could not be read.</summary>
    public readonly ReadOutcome Malformed(string message) => ReadOutcome.Of(_badText
        ? new ProtocolError(ProtocolError.CharacterNotInRepertoire, $"{message} is not valid UTF-8")
        : new ProtocolError(ProtocolError.ProtocolViolation, $"invalid layout of {message}"));
}
