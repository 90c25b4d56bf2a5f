using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Configuration;
using PgAutoFailover.Cli.Logging;

namespace PgAutoFailover.Cli.Monitors;

/// <summary>The monitor that a command speaks to, and the local node through which it was found.</summary>
/// <param name="Uri">How it is reached over the network.</param>
/// <param name="Local">Null where the monitor was named by option or environment.</param>
internal sealed record MonitorTarget(string Uri, LocalNode? Local)
{
    /// <summary>The local node is the monitor itself.</summary>
    public bool IsLocalMonitor => Local is { Config.IsMonitor: true };

    /// <summary>The local node where it is a keeper's.</summary>
    public NodeConfig? Keeper => Local is { Config: { IsMonitor: false } config } ? config : null;

    /// <exception cref="CommandFailure">No monitor is named, or the configuration that should name it cannot be used.</exception>
    public static MonitorTarget Resolve(string? monitorOption, string? pgdataOption, CommandContext context)
    {
        if ((monitorOption ?? context.Variable("PG_AUTOCTL_MONITOR")) is { } uri)
        {
            if (pgdataOption is not null)
            {
                context.Log.PgDataIgnored(pgdataOption);
            }

            return new MonitorTarget(MonitorUri.Check(uri), Local: null);
        }

        var local = LocalNode.Load(pgdataOption, context);
        if (local.Config.IsMonitor)
        {
            return new MonitorTarget(MonitorUri.Of(local.Config), local);
        }

        return local.Config.MonitorUri is { } configured
            ? new MonitorTarget(configured, local)
            : throw new CommandFailure(ExitCode.BadConfiguration, $"The node at \"{local.Paths.PgData}\" is run without a monitor");
    }

    /// <summary>The formation of the option, else the local node's own, else the default one.</summary>
    public string Formation(string? option) => option ?? Keeper?[ConfigKeys.Formation] ?? "default";

    /// <summary>The name of the option, else the local node's own.</summary>
    /// <exception cref="CommandFailure">Neither is there.</exception>
    public string NodeName(string? option) => option ?? Keeper?[ConfigKeys.Name]
        ?? throw CommandFailure.BadArguments("Option --name is needed where there is no local node");
}
