using System.Text;
using System.Text.RegularExpressions;

namespace PgAutoFailover.Cli.Tests.Documents;

/// <summary>A manual page, written with the macros of man(7).</summary>
internal sealed partial class Roff
{
    private readonly StringBuilder _page = new();

    public Roff(string name, int section) =>
        _page.Append(".\\\" Generated from the commands themselves: do not edit, run ./build.sh docs\n")
            .Append($".TH {Escape(name.ToUpperInvariant())} {section} \"\" \"pg_autoctl\" \"PostgreSQL\"\n");

    public Roff Section(string title)
    {
        _page.Append($".SH {title}\n");
        return this;
    }

    public Roff Paragraph(string markdown)
    {
        _page.Append($".PP\n{Line(markdown)}\n");
        return this;
    }

    /// <summary>Text as it stands, right below a section's title.</summary>
    public Roff Text(string markdown)
    {
        _page.Append($"{Line(markdown)}\n");
        return this;
    }

    /// <summary>A term, and indented below it what it is.</summary>
    public Roff Term(string markdownTerm, string markdown)
    {
        _page.Append($".TP\n{Line(markdownTerm)}\n{Line(markdown)}\n");
        return this;
    }

    public override string ToString() => _page.ToString();

    /// <summary>One line of running text: `code` is bold, *words* are in italics, links lose their target.</summary>
    private static string Line(string markdown)
    {
        var text = new StringBuilder();
        var (bold, italic) = (false, false);
        var plain = Link().Replace(markdown, "${text}");
        for (var i = 0; i < plain.Length; i++)
        {
            switch (plain[i])
            {
                case '`':
                    bold = !bold;
                    text.Append(bold ? "\\fB" : "\\fR");
                    break;
                case '*' when italic || (!bold && i + 1 < plain.Length && char.IsLetter(plain[i + 1])):
                    italic = !italic;
                    text.Append(italic ? "\\fI" : "\\fR");
                    break;
                default:
                    text.Append(Escape(plain[i]));
                    break;
            }
        }

        // A dot or an apostrophe that begins a line would be read as a macro.
        return text is ['.' or '\'', ..] ? $"\\&{text}" : text.ToString();
    }

    [GeneratedRegex(@"\[(?<text>[^\]]+)\]\([^)]+\)", RegexOptions.NonBacktracking)]
    private static partial Regex Link();

    private static string Escape(string text) => string.Concat(text.Select(Escape));

    private static string Escape(char character) => character switch
    {
        '\\' => "\\e",
        '-' => "\\-",
        '\u2013' => "\\(en",
        '\u2026' => "...",
        _ when char.IsAscii(character) => character.ToString(),
        _ => throw new NotSupportedException($"manual pages are written in ASCII: what is \"{character}\" in it?"),
    };
}
