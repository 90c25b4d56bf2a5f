using System.Globalization;

namespace PgAutoFailover.Postgres.Wal;

/// <summary>How positions are spread over the files in <c>pg_wal</c>.</summary>
/// <param name="Size">Bytes of one file, <c>wal_segment_size</c>.</param>
internal readonly record struct WalSegments(ulong Size)
{
    private const int NameLength = 24;

    /// <summary>As the files in a data directory have it, which all are of one size; null where there is none.</summary>
    public static WalSegments? Of(string pgData)
    {
        foreach (var file in new DirectoryInfo(Path.Combine(pgData, "pg_wal")).EnumerateFiles())
        {
            if (file.Name.Length == NameLength && file.Name.All(char.IsAsciiHexDigitUpper) && ulong.IsPow2((ulong)file.Length))
            {
                return new((ulong)file.Length);
            }
        }

        return null;
    }

    /// <summary>Name of the file that holds the byte at a position.</summary>
    public string NameAt(int timeline, ulong position)
    {
        var perLog = 0x1_0000_0000 / Size;
        var number = position / Size;
        return string.Create(CultureInfo.InvariantCulture, $"{timeline:X8}{number / perLog:X8}{number % perLog:X8}");
    }

    /// <summary>Where the file begins that holds the byte at a position.</summary>
    public ulong StartOfFileAt(ulong position) => position - (position % Size);

    /// <summary>Where that file ends.</summary>
    public ulong EndOfFileAt(ulong position) => StartOfFileAt(position) + Size;
}
