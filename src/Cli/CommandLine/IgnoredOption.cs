using System.CommandLine;

namespace PgAutoFailover.Cli.CommandLine;

/// <summary>
/// An option that the program of 2.0 takes although it means nothing to the command: several commands share their options there. Scripts have
/// such options, so they are taken here, too. Help, completion and documents do not offer them.
/// </summary>
/// <param name="Letter">Null where it has none.</param>
internal sealed record IgnoredOption(string Name, string? Letter, bool TakesValue)
{
    public static IgnoredOption AllowFailover { get; } = new("--allow-failover", "-A", TakesValue: false);

    public static IgnoredOption Count { get; } = new("--count", "-n", TakesValue: true);

    public static IgnoredOption Force { get; } = new("--force", "-F", TakesValue: false);

    public static IgnoredOption Formation { get; } = new("--formation", "-f", TakesValue: true);

    public static IgnoredOption Json { get; } = new("--json", "-J", TakesValue: false);

    public static IgnoredOption Local { get; } = new("--local", "-L", TakesValue: false);

    public static IgnoredOption Monitor { get; } = new("--monitor", "-m", TakesValue: true);

    public static IgnoredOption NodeName { get; } = new("--name", "-a", TakesValue: true);

    public static IgnoredOption Wait { get; } = new("--wait", "-w", TakesValue: true);

    /// <summary>Those of <c>create postgres</c>, which in 2.0 every command has that works on a local PostgreSQL; here, what they say is in the configuration or in the data directory.</summary>
    public static IReadOnlyList<IgnoredOption> OfCreation { get; } =
    [
        .. Valued("--pgctl", "--pghost", "--pgport", "--listen", "--username", "--dbname", "--hostname", "--formation", "--monitor", "--auth"),
        .. Valued("--ssl-mode", "--ssl-ca-file", "--ssl-crl-file", "--server-key", "--server-cert", "--candidate-priority", "--replication-quorum"),
        .. Flags("--skip-pg-hba", "--run", "--ssl-self-signed", "--no-ssl", "--disable-monitor"),
    ];

    public Option ToOption()
    {
        Option option = TakesValue ? NewOption.Text(Name, Letter, "") : NewOption.Flag(Name, Letter, "");
        option.Hidden = true;
        return option;
    }

    private static IEnumerable<IgnoredOption> Valued(params string[] names) => names.Select(n => new IgnoredOption(n, null, TakesValue: true));

    private static IEnumerable<IgnoredOption> Flags(params string[] names) => names.Select(n => new IgnoredOption(n, null, TakesValue: false));
}
