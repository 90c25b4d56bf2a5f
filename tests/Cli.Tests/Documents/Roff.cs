using System.Text;
using System.Text.RegularExpressions;

namespace PgAutoFailover.Cli.Tests.Documents;

/// <summary>A manual page, written with the macros of man(7).</summary>
internal sealed partial class Roff
{
    private const string Pages = "/usr/share/doc/pg-autoctl/docs/operations";

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

    /// <summary>One line of running text: `code` is bold, *words* are in italics, links to other pages name the file that the package installs.</summary>
    private static string Line(string markdown)
    {
        var text = new StringBuilder();
        var (bold, italic) = (false, false);
        var plain = Link().Replace(markdown, Place);
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

    private static string Place(Match link)
    {
        var (text, file) = (link.Groups["text"].Value, link.Groups["target"].Value.Split('#')[0]);
        var place = file.Length == 0 ? null : Path.GetFullPath(Path.Join(Pages, file));
        return place is null ? text : file.EndsWith(text, StringComparison.Ordinal) ? place : $"{text} ({place})";
    }

    [GeneratedRegex(@"\[(?<text>[^\]]+)\]\((?<target>[^)]+)\)", RegexOptions.NonBacktracking)]
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
