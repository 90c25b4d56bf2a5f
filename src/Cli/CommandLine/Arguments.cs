using System.CommandLine;

namespace PgAutoFailover.Cli.CommandLine;

/// <summary>
/// The arguments of a command as GNU getopt_long reads them, rewritten for a parser that knows full names only: long options
/// may be cut to any unambiguous prefix, short ones may be bundled and carry their value attached, and <c>--</c> ends the
/// options. The options that every command has are taken out on the way, so that no command declares them.
/// </summary>
/// <param name="Tokens">What is left: full option names, each followed by its value where it takes one, and positional words.</param>
/// <param name="Verbosity">How many times <c>-v</c> was given.</param>
/// <param name="Problem">The first thing that cannot be read, null where all can.</param>
internal sealed record Arguments(IReadOnlyList<string> Tokens, int Verbosity, bool Quiet, bool Help, bool Version, string? Problem)
{
    private static readonly (string Name, char Letter)[] s_everywhere = [("--version", 'V'), ("--verbose", 'v'), ("--quiet", 'q'), ("--help", 'h')];

    /// <summary>The words that are neither options nor their values.</summary>
    public IEnumerable<string> Words => Tokens.TakeWhile(t => t != "--").Where(t => !t.StartsWith("--", StringComparison.Ordinal)).Concat(Tokens.SkipWhile(t => t != "--").Skip(1));

    public static Arguments Read(IReadOnlyList<string> words, IEnumerable<Option> options)
    {
        var reader = new Reader([.. options]);
        for (var i = 0; i < words.Count && reader.Problem is null && !reader.Result.Help && !reader.Result.Version; i++)
        {
            var word = words[i];
            if (word == "--")
            {
                reader.AddRest(words.Skip(i + 1));
                break;
            }

            var next = i + 1 < words.Count ? words[i + 1] : null;
            var tookNext = word switch
            {
                ['-', '-', ..] => reader.ReadLong(word, next),
                ['-', _, ..] when !IsNumber(word) => reader.ReadShort(word, next),
                _ => reader.AddPositional(word),
            };
            i += tookNext ? 1 : 0;
        }

        return reader.Result with { Problem = reader.Problem };
    }

    // "set formation number-sync-standbys -1" names a value, which is then refused for what it is.
    private static bool IsNumber(string word) => word.Skip(1).All(char.IsAsciiDigit);

    private sealed class Reader(IReadOnlyList<Option> options)
    {
        private readonly List<string> _tokens = [];
        private int _verbosity;
        private bool _quiet;
        private bool _help;
        private bool _version;

        public string? Problem { get; private set; }

        public Arguments Result => new(_tokens, _verbosity, _quiet, _help, _version, Problem: null);

        public bool AddPositional(string word)
        {
            _tokens.Add(word);
            return false;
        }

        // "--" is passed on, so that the parser behind does not read options where a person ended them.
        public void AddRest(IEnumerable<string> words)
        {
            _tokens.Add("--");
            _tokens.AddRange(words);
        }

        public bool ReadLong(string word, string? next)
        {
            var equals = word.IndexOf('=', StringComparison.Ordinal);
            var given = equals < 0 ? word : word[..equals];
            var names = options.Select(o => o.Name).Concat(s_everywhere.Select(e => e.Name)).Distinct(StringComparer.Ordinal).ToList();
            var matches = names.Contains(given, StringComparer.Ordinal)
                ? [given]
                : names.Where(n => n.StartsWith(given, StringComparison.Ordinal)).ToList();
            if (matches.Count != 1)
            {
                Problem = matches.Count == 0
                    ? $"Unknown option \"{given}\""
                    : $"Option \"{given}\" is ambiguous: it may be {string.Join(" or ", matches)}";
                return false;
            }

            return Accept(matches[0], equals < 0 ? null : word[(equals + 1)..], next);
        }

        public bool ReadShort(string word, string? next)
        {
            for (var i = 1; i < word.Length; i++)
            {
                var alias = $"-{word[i]}";
                var everywhere = Array.Find(s_everywhere, e => e.Letter == word[i]).Name;
                var name = options.FirstOrDefault(o => o.Aliases.Contains(alias, StringComparer.Ordinal))?.Name ?? everywhere;
                if (name is null)
                {
                    Problem = $"Unknown option \"{alias}\"";
                    return false;
                }

                if (TakesValue(name))
                {
                    return Accept(name, i + 1 < word.Length ? word[(i + 1)..] : null, next);
                }

                Accept(name, value: null, next: null);
            }

            return false;
        }

        private bool Accept(string name, string? value, string? next)
        {
            if (!TakesValue(name))
            {
                Problem = value is null ? Problem : $"Option \"{name}\" takes no value";
                AddFlag(name);
                return false;
            }

            if ((value ?? next) is not { } found || (found.Length == 0 && NeedsText(name)))
            {
                Problem = $"Option \"{name}\" needs a value";
                return false;
            }

            // One token for both: a value that starts with a dash stays a value. Of an option that is given again, the last value counts.
            _tokens.RemoveAll(t => t.StartsWith($"{name}=", StringComparison.Ordinal));
            _tokens.Add($"{name}={found}");
            return value is null;
        }

        private void AddFlag(string name)
        {
            switch (name)
            {
                case "--verbose":
                    _verbosity++;
                    break;
                case "--quiet":
                    _quiet = true;
                    break;
                case "--help":
                    _help = true;
                    break;
                case "--version":
                    _version = true;
                    break;
                default:
                    _tokens.Add(name);
                    break;
            }
        }

        private bool NeedsText(string name) => options.First(o => o.Name == name).Arity.MinimumNumberOfValues > 0;

        private bool TakesValue(string name) => options.FirstOrDefault(o => o.Name == name) is { Arity.MaximumNumberOfValues: > 0 } option
            && option.ValueType != typeof(bool);
    }
}
