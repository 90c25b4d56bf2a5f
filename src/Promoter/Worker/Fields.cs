using System.Text;

namespace PgAutoFailover.Promoter.Worker;

/// <summary>
/// The lines that the worker and this program exchange: fields that tabs separate. The worker escapes what it sends; what it is sent is
/// made printable ASCII here, so that the C side has nothing to undo, and a log or a database of any encoding can take it.
/// </summary>
internal static class Fields
{
    /// <summary>The longest field that is sent. A line has at most a few of them, and the worker takes 8 kB a line.</summary>
    public const int MostCharacters = 1000;

    public static string[] Split(string line) => [.. line.Split('\t').Select(Unescape)];

    public static string Join(params ReadOnlySpan<string> fields)
    {
        var line = new StringBuilder();
        foreach (var field in fields)
        {
            line.Append(line.Length == 0 ? "" : "\t").Append(field);
        }

        return line.ToString();
    }

    /// <summary>One line of printable ASCII, cut where it is too long.</summary>
    public static string Plain(string? text, int mostCharacters = MostCharacters)
    {
        var plain = new StringBuilder();
        foreach (var c in text ?? "")
        {
            plain.Append(c is '\r' or '\n' or '\t' ? ' ' : c is >= ' ' and <= '~' ? c : '?');
        }

        return plain.Length <= mostCharacters ? plain.ToString() : plain.ToString(0, mostCharacters - 3) + "...";
    }

    private static string Unescape(string field)
    {
        if (!field.Contains('\\', StringComparison.Ordinal))
        {
            return field;
        }

        var text = new StringBuilder();
        for (var i = 0; i < field.Length; i++)
        {
            text.Append(field[i] != '\\' || i + 1 == field.Length ? field[i] : field[++i] switch { 't' => '\t', 'n' => '\n', var c => c });
        }

        return text.ToString();
    }
}
