using System.Globalization;

namespace PgAutoFailover.Core.Vocabulary;

/// <summary>A position in PostgreSQL's write-ahead log, a byte address. Text form as of type <c>pg_lsn</c>: <c>0/3000110</c>.</summary>
public readonly record struct Lsn(ulong Value) : IComparable<Lsn>
{
    /// <summary><c>0/0</c>: no position known.</summary>
    public static Lsn Invalid => default;

    /// <summary>False for <c>0/0</c>.</summary>
    public bool IsValid => Value != 0;

    /// <summary>The absolute distance between two positions, in bytes.</summary>
    public ulong DistanceTo(Lsn other) => Value > other.Value ? Value - other.Value : other.Value - Value;

    public int CompareTo(Lsn other) => Value.CompareTo(other.Value);

    public static bool operator <(Lsn a, Lsn b) => a.Value < b.Value;

    public static bool operator >(Lsn a, Lsn b) => a.Value > b.Value;

    public static bool operator <=(Lsn a, Lsn b) => a.Value <= b.Value;

    public static bool operator >=(Lsn a, Lsn b) => a.Value >= b.Value;

    /// <summary>Reads the text form: two hexadecimal numbers of at most eight digits around a slash.</summary>
    public static bool TryParse(string? text, out Lsn lsn)
    {
        lsn = default;
        var slash = text?.IndexOf('/', StringComparison.Ordinal) ?? -1;
        if (slash is < 1 or > 8 || text!.Length - slash - 1 is < 1 or > 8)
        {
            return false;
        }

        if (!uint.TryParse(text.AsSpan(0, slash), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var high)
            || !uint.TryParse(text.AsSpan(slash + 1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var low))
        {
            return false;
        }

        lsn = new Lsn(((ulong)high << 32) | low);
        return true;
    }

    /// <summary>Reads the text form. Throws <see cref="FormatException"/> where <see cref="TryParse"/> is false.</summary>
    public static Lsn Parse(string text) => TryParse(text, out var lsn) ? lsn : throw new FormatException($"\"{text}\" is not an LSN");

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Value >> 32:X}/{(uint)Value:X}");
}
