using System.Collections.Immutable;
using System.Text;

namespace PgAutoFailover.Keeper.Hooks;

/// <summary>
/// A hook as the configuration has it: a program and its arguments, separated by blanks. Quotes of either kind keep blanks together, a backslash
/// takes the next character as it is (not between single quotes). No shell reads it: who wants one says <c>sh -c '...'</c>.
/// </summary>
public sealed record HookCommand(string Program, ImmutableArray<string> Arguments)
{
    /// <exception cref="FormatException">The message says what is wrong with it.</exception>
    public static HookCommand Parse(string line) => Split(line) is [var program, .. var arguments]
        ? new(program, [.. arguments])
        : throw new FormatException("expected a program and its arguments");

    private static List<string> Split(string line)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        var (isWord, quote) = (false, '\0');
        for (var i = 0; i < line.Length; i++)
        {
            var c = line[i];
            if (c == '\\' && quote != '\'')
            {
                isWord = true;
                word.Append(++i < line.Length ? line[i] : throw new FormatException("it ends with a backslash"));
            }
            else if (c == quote)
            {
                quote = '\0';
            }
            else if (quote == '\0' && c is '\'' or '"')
            {
                (isWord, quote) = (true, c);
            }
            else if (quote == '\0' && char.IsWhiteSpace(c))
            {
                EndWord();
            }
            else
            {
                isWord = true;
                word.Append(c);
            }
        }

        if (quote != '\0')
        {
            throw new FormatException($"a quote ({quote}) is not closed");
        }

        EndWord();
        return words;

        void EndWord()
        {
            if (isWord)
            {
                words.Add(word.ToString());
            }

            word.Clear();
            isWord = false;
        }
    }
}
