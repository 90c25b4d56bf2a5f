using System.CommandLine;
using System.Globalization;
using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Monitors;

namespace PgAutoFailover.Cli.Demo;

/// <summary>The options of the commands below <c>do demo</c>, and the variables of the environment that stand for them.</summary>
internal sealed class DemoOptions
{
    private readonly Option<string?> _formation = NewOption.Formation();
    private readonly Option<int?> _group = NewOption.Group();
    private readonly Option<string?> _userName = NewOption.Text("--username", "-U", "PostgreSQL's user; default: $PGUSER, else the user of the system");
    private readonly Option<int?> _clients = NewOption.Number(
        "--clients", "-c", "how many clients connect and write at the same time; default: $PG_AUTOCTL_DEMO_CLIENTS, else 1", 1, DemoSettings.MostClients);
    private readonly Option<int?> _duration = Seconds(
        "--duration", "-t", "how many seconds they go on; default: $PG_AUTOCTL_DEMO_DURATION, else 30");
    private readonly Option<int?> _firstFailover = Seconds(
        "--first-failover", "-F", "seconds until the first failover is asked for; default: $PG_AUTOCTL_DEMO_FAILOVER_FIRST, else 10");
    private readonly Option<int?> _interval = Seconds(
        "--failover-freq", "-Q", "seconds from one failover to the next; default: $PG_AUTOCTL_DEMO_FAILOVER_FREQ, else 45");
    private readonly Option<bool> _noFailover = NewOption.Flag("--no-failover", null, "ask for no failover");
    private readonly MonitorOptions _monitor;

    public DemoOptions(Command command, bool asksForFailovers)
    {
        Option[] options = asksForFailovers
            ? [_formation, _group, _userName, _clients, _duration, _firstFailover, _interval, _noFailover]
            : [_formation, _group, _userName, _clients, _duration];
        foreach (var option in options)
        {
            command.Options.Add(option);
        }

        _monitor = new MonitorOptions(command);
    }

    /// <exception cref="CommandFailure">No monitor is named, or a variable has a value that it cannot have.</exception>
    public DemoTarget Resolve(ParseResult parsed, CommandContext context)
    {
        var monitor = _monitor.Resolve(parsed, context);
        return new DemoTarget(
            monitor,
            monitor.Formation(parsed.GetValue(_formation)),
            parsed.GetValue(_group) ?? 0,
            parsed.GetValue(_userName) ?? context.Variable("PGUSER") ?? Environment.UserName);
    }

    /// <exception cref="CommandFailure">A variable has a value that it cannot have.</exception>
    public DemoSettings Settings(ParseResult parsed, CommandContext context) => new(
        Number(parsed.GetValue(_clients), "PG_AUTOCTL_DEMO_CLIENTS", 1, DemoSettings.MostClients, context),
        Span(parsed.GetValue(_duration), "PG_AUTOCTL_DEMO_DURATION", 30, context),
        parsed.GetValue(_noFailover) ? null : Span(parsed.GetValue(_firstFailover), "PG_AUTOCTL_DEMO_FAILOVER_FIRST", 10, context),
        Span(parsed.GetValue(_interval), "PG_AUTOCTL_DEMO_FAILOVER_FREQ", 45, context));

    // An hour is far more than anybody looks on, and what was measured is held in memory.
    private const int MostSeconds = 3600;

    private static Option<int?> Seconds(string name, string letter, string description) => NewOption.Number(name, letter, description, 1, MostSeconds);

    private static TimeSpan Span(int? option, string variable, int usual, CommandContext context) =>
        TimeSpan.FromSeconds(option ?? Number(null, variable, usual, MostSeconds, context));

    private static int Number(int? option, string variable, int usual, int most, CommandContext context)
    {
        if (option is not null || context.Variable(variable) is not { } text)
        {
            return option ?? usual;
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= most
            ? number
            : throw CommandFailure.BadArguments($"Value \"{text}\" of {variable} is not valid: expected a number from 1 to {most}");
    }
}
