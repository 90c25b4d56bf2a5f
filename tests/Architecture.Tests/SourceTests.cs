using System.Text.RegularExpressions;
using Shouldly;
using Xunit;

namespace PgAutoFailover.Architecture.Tests;

/// <summary>Tripwires: each is a habit that a compiler does not know. Where one is hit, look at the cut before you look for a way around.</summary>
public sealed partial class SourceTests
{
    private const int MostLines = 400;

    private static readonly string[] EmptyWords = ["Common", "Util", "Utils", "Utilities", "Helper", "Helpers", "Manager", "Misc"];

    private static IEnumerable<string> Sources => Repository.Sources("src");

    [Fact]
    public void No_file_holds_more_than_one_can_read() =>
        Sources.Where(file => File.ReadLines(file).Count() > MostLines).Select(Repository.Name).ShouldBeEmpty();

    [Fact]
    public void No_type_is_spread_over_two_files() =>
        Sources
            .SelectMany(file => Types(file, "partial ").Select(type => (Type: $"{Repository.Name(Path.GetDirectoryName(file)!)}/{type}", file))) // a file has a directory
            .GroupBy(found => found.Type, found => found.file, StringComparer.Ordinal)
            .Where(type => type.Distinct(StringComparer.Ordinal).Count() > 1)
            .Select(type => type.Key)
            .ShouldBeEmpty();

    [Fact]
    public void No_folder_or_type_has_a_name_that_says_nothing()
    {
        var folders = Sources.SelectMany(file => Repository.Name(file).Split('/')[..^1]);
        var types = Sources.SelectMany(file => Types(file, string.Empty));

        folders.Concat(types).Distinct(StringComparer.Ordinal).Where(SaysNothing).ShouldBeEmpty();
    }

    [Fact]
    public void A_cancellation_token_is_never_optional() =>
        Matching(OptionalToken()).ShouldBeEmpty();

    [Fact]
    public void No_method_is_async_void() =>
        Matching(AsyncVoid()).ShouldBeEmpty();

    [Fact]
    public void No_part_of_a_file_is_folded_away() =>
        Matching(Region()).ShouldBeEmpty();

    private static IEnumerable<string> Matching(Regex pattern) =>
        Sources.Where(file => pattern.IsMatch(File.ReadAllText(file))).Select(Repository.Name);

    private static bool SaysNothing(string name) =>
        Words().Matches(name).Select(word => word.Value).Intersect(EmptyWords, StringComparer.OrdinalIgnoreCase).Any();

    private static IEnumerable<string> Types(string file, string modifier) =>
        Declaration().Matches(File.ReadAllText(file))
            .Where(match => match.Groups["modifiers"].Value.Contains(modifier, StringComparison.Ordinal))
            .Select(match => match.Groups["name"].Value);

    [GeneratedRegex(@"^\s*(?<modifiers>((public|internal|private|file|protected|sealed|static|abstract|readonly|ref|partial) )*)(class|record struct|record|struct|interface|enum) (?<name>\w+)", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Declaration();

    [GeneratedRegex(@"CancellationToken\??\s+\w+\s*=\s*(default|null|CancellationToken\.None)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex OptionalToken();

    [GeneratedRegex(@"\basync void\b", RegexOptions.None, matchTimeoutMilliseconds: 5000)]
    private static partial Regex AsyncVoid();

    [GeneratedRegex(@"^\s*#region\b", RegexOptions.Multiline, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Region();

    [GeneratedRegex("[A-Z][a-z]*|[a-z]+", RegexOptions.None, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Words();
}
