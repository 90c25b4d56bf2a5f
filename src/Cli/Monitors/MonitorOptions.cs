using System.CommandLine;
using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Configuration;

namespace PgAutoFailover.Cli.Monitors;

/// <summary>The two options by which a command is told which monitor to speak to.</summary>
internal sealed class MonitorOptions
{
    private readonly Option<string?> _pgData = NewOption.PgData();
    private readonly Option<string?> _monitor = NewOption.Monitor();

    public MonitorOptions(Command command)
    {
        command.Options.Add(_pgData);
        command.Options.Add(_monitor);
    }

    public MonitorTarget Resolve(ParseResult parsed, CommandContext context) =>
        MonitorTarget.Resolve(parsed.GetValue(_monitor), parsed.GetValue(_pgData), context);

    /// <summary>The local node, whatever monitor is named.</summary>
    public LocalNode LoadLocal(ParseResult parsed, CommandContext context) => LocalNode.Load(parsed.GetValue(_pgData), context);

    /// <summary>The local node where it is a keeper's and no other monitor is named.</summary>
    public LocalNode? FindKeeper(ParseResult parsed, CommandContext context) =>
        parsed.GetValue(_monitor) is null && context.Variable("PG_AUTOCTL_MONITOR") is null
        && LoadLocal(parsed, context) is { Config.IsMonitor: false } local
            ? local
            : null;

    /// <summary>The local node where it is run without a monitor and no other monitor is named.</summary>
    public LocalNode? FindUnmonitored(ParseResult parsed, CommandContext context) =>
        FindKeeper(parsed, context) is { Config.MonitorUri: null } local ? local : null;
}
