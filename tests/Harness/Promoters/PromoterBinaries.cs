namespace PgAutoFailover.Harness.Promoters;

/// <summary>A PostgreSQL that has the promoter's package beside it, as <c>build/promoter.sh</c> lays it out.</summary>
internal static class PromoterBinaries
{
    private const string Variable = "PROMOTER_BINDIR";

    private static readonly string s_directory = Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named
        ? named
        : throw new InvalidOperationException($"{Variable} names no PostgreSQL with the promoter: run ./build.sh test, which lays one out");

    internal static string Program(string name) => Path.Combine(s_directory, name);
}
