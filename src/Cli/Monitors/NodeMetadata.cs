using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Configuration;
using PgAutoFailover.Cli.Services;

namespace PgAutoFailover.Cli.Monitors;

/// <summary>What others know a node by, as far as it is to change.</summary>
internal sealed record NodeMetadata(string? Name, string? HostName, int? Port)
{
    public bool IsEmpty => Name is null && HostName is null && Port is null;

    /// <summary>The configuration with the changes.</summary>
    public NodeConfig Apply(NodeConfig config)
    {
        var changed = config;
        changed = Name is null ? changed : changed.With(ConfigKeys.Name, Name);
        changed = HostName is null ? changed : changed.With(ConfigKeys.HostName, HostName);
        return Port is { } port ? changed.With(ConfigKeys.Port, port) : changed;
    }

    /// <summary>
    /// Tells the monitor, which may refuse a name or an address that another node has, and returns the configuration to write.
    /// </summary>
    /// <exception cref="CommandFailure">The host name does not resolve, or the monitor refuses; nothing was changed.</exception>
    public async Task<NodeConfig> PublishAsync(LocalNode local, CommandContext context, CancellationToken cancellationToken)
    {
        if (local.Config.IsMonitor)
        {
            throw new CommandFailure(ExitCode.BadConfiguration, $"\"{local.Paths.PgData}\" is a monitor; this command is for a node");
        }

        if (HostName is not null && HostName != local.Config[ConfigKeys.HostName])
        {
            await Discoveries.RequireResolvingAsync(HostName, cancellationToken);
        }

        if (local.Config.MonitorUri is not null)
        {
            await using var node = await RegisteredNode.ConnectAsync(local.Paths.PgData, context, cancellationToken);
            await node.UpdateMetadataAsync(Name, HostName, Port, cancellationToken);
        }

        return Apply(local.Config);
    }
}
