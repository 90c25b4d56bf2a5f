using System.Text;

namespace PgAutoFailover.Cli.Configuration;

/// <summary>
/// The file format of <c>pg_autoctl.cfg</c>: sections, <c>key = value</c>, no quoting, lines that start with <c>;</c> or
/// <c>#</c> ignored. Read by hand because an operator who broke the file needs the number of the line.
/// </summary>
internal static class IniDocument
{
    /// <summary>Values by <c>section.key</c>; what cannot be read is listed, with its line.</summary>
    public static Dictionary<string, string> Parse(string text, List<string> problems)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        var section = "";
        var number = 0;
        foreach (var raw in text.Split('\n'))
        {
            number++;
            var line = raw.Trim();
            if (line.Length == 0 || line[0] is ';' or '#')
            {
                continue;
            }

            if (line is ['[', .., ']'])
            {
                section = line[1..^1].Trim();
                continue;
            }

            var equals = line.IndexOf('=', StringComparison.Ordinal);
            if (equals < 1 || section.Length == 0)
            {
                problems.Add($"line {number}: expected {(section.Length == 0 ? "a [section]" : "key = value")}, found \"{Shown(line)}\"");
                continue;
            }

            var path = $"{section}.{line[..equals].Trim()}";
            if (!values.TryAdd(path, line[(equals + 1)..].Trim()))
            {
                problems.Add($"line {number}: {path} is given a second time");
            }
        }

        return values;
    }

    /// <summary>Text of the values in the order given; sections without a value are left out.</summary>
    public static string Format(IEnumerable<(string Section, string Key, string Value)> entries)
    {
        var text = new StringBuilder();
        var current = "";
        foreach (var (section, key, value) in entries)
        {
            if (section != current)
            {
                text.Append(current.Length == 0 ? "" : "\n").Append('[').Append(section).Append("]\n");
                current = section;
            }

            text.Append(key).Append(" = ").Append(value).Append('\n');
        }

        return text.ToString();
    }

    // Binary rubbish and passwords do not belong in a log line.
    private static string Shown(string line) => string.Concat(line.Take(20).Select(c => char.IsControl(c) ? '?' : c));
}
