namespace PgAutoFailover.Postgres.Hba;

/// <summary>
/// What a rule says of databases or of users: a word of <c>pg_hba.conf</c>, or the name of one, which may be the same letters. A name is
/// always in quotation marks, as in 2.0: they take the meaning from words and from a leading <c>+</c> or <c>@</c>, and keep blanks and commas.
/// </summary>
public sealed record HbaName
{
    /// <summary>Every database, but no replication; every user.</summary>
    public static readonly HbaName All = new("all", isWord: true);

    /// <summary>Instead of a database: streaming replication.</summary>
    public static readonly HbaName Replication = new("replication", isWord: true);

    private readonly string _text;
    private readonly bool _isWord;

    private HbaName(string text, bool isWord) => (_text, _isWord) = (text, isWord);

    public static HbaName Of(string name) => new(name, isWord: false);

    /// <param name="majorVersion">Of the PostgreSQL that reads it.</param>
    internal string ToField(int majorVersion)
    {
        // From 16 on a leading slash begins a regular expression, in quotation marks too.
        var text = majorVersion >= 16 && _text.StartsWith('/') ? $"/^{EscapePattern(_text)}$" : _text;
        return _isWord ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }

    // A backslash takes the meaning from whatever is neither a letter nor a digit.
    private static string EscapePattern(string name) =>
        string.Concat(name.Select(c => char.IsAscii(c) && !char.IsAsciiLetterOrDigit(c) ? $"\\{c}" : $"{c}"));
}
