using System.Text;

namespace PgAutoFailover.Cli.Watch;

/// <summary>
/// Keys from the bytes that a terminal sends. A special key comes as a sequence that begins with the byte of the escape key, and
/// may arrive in pieces: what is not complete is kept for the next ones. The sequences are those of xterm and of what imitates it,
/// of rxvt and of the Linux console.
/// </summary>
internal sealed class KeyDecoder
{
    private const byte EscapeByte = 0x1b;
    private const byte ControlC = 0x03;
    private readonly List<byte> _pending = [];

    /// <summary>An escape came, and it is open whether it is a key by itself or the first byte of a sequence.</summary>
    public bool IsWaiting => _pending.Count > 0;

    public IReadOnlyList<Key> Decode(ReadOnlySpan<byte> bytes)
    {
        _pending.AddRange(bytes);
        var keys = new List<Key>();
        while (_pending.Count > 0 && LengthOfFirst() is var length and > 0)
        {
            var first = Encoding.Latin1.GetString([.. _pending.Take(length)]);
            _pending.RemoveRange(0, length);
            if (Find(first) is { } key)
            {
                keys.Add(key);
            }
        }

        return keys;
    }

    /// <summary>Nothing followed in time: an escape alone is the key of that name, and half a sequence is no key.</summary>
    public Key? EndOfWaiting()
    {
        Key? key = _pending is [EscapeByte] ? Key.Escape : null;
        _pending.Clear();
        return key;
    }

    // Zero: not complete.
    private int LengthOfFirst() => _pending switch
    {
        [not EscapeByte, ..] => 1,
        [_] => 0,
        [_, (byte)'O', ..] or [_, (byte)'[', (byte)'[', ..] => LengthOrZero(_pending[1] == 'O' ? 3 : 4),
        [_, (byte)'[', ..] => 1 + _pending.FindIndex(2, b => b is >= 0x40 and <= 0x7e),
        // Escape and then something else: two keys.
        _ => 1,
    };

    private int LengthOrZero(int length) => _pending.Count >= length ? length : 0;

    private static Key? Find(string sequence) => WithoutModifiers(sequence) switch
    {
        "q" or "Q" or "\u001bOP" or "\u001b[P" or "\u001b[11~" or "\u001b[[A" => Key.Quit,
        [(char)ControlC] => Key.Quit,
        "\u001b[A" or "\u001bOA" => Key.Up,
        "\u001b[B" or "\u001bOB" => Key.Down,
        "\u001b[C" or "\u001bOC" => Key.Right,
        "\u001b[D" or "\u001bOD" => Key.Left,
        "\u001b[5~" => Key.PageUp,
        "\u001b[6~" => Key.PageDown,
        "\u001b[H" or "\u001bOH" or "\u001b[1~" or "\u001b[7~" => Key.Home,
        "\u001b[F" or "\u001bOF" or "\u001b[4~" or "\u001b[8~" => Key.End,
        [(char)EscapeByte] => Key.Escape,
        _ => null,
    };

    // "1;5A" is Ctrl and the key of "A", "5;2~" is Shift and that of "5~".
    private static string WithoutModifiers(string sequence) =>
        sequence.IndexOf(';', StringComparison.Ordinal) is var at and > 0
            ? sequence[..(sequence[^1] == '~' ? at : 2)] + sequence[^1]
            : sequence;
}
