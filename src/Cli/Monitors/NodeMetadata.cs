using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Configuration;
using PgAutoFailover.Cli.Services;

namespace PgAutoFailover.Cli.Monitors;

/// <summary>What others know a node by, as far as it is to change.</summary>
/// <param name="ClientHostName">Empty: applications find the node where the others do.</param>
/// <param name="ClientPort">0: likewise.</param>
internal sealed record NodeMetadata(string? Name, string? HostName, int? Port, string? ClientHostName, int? ClientPort)
{
    public bool IsEmpty => Name is null && HostName is null && Port is null && !HasClient;

    /// <summary>Something about the address for applications is to change.</summary>
    public bool HasClient => ClientHostName is not null || ClientPort is not null;

    /// <summary>The configuration with the changes.</summary>
    public NodeConfig Apply(NodeConfig config)
    {
        var changed = config;
        changed = Name is null ? changed : changed.With(ConfigKeys.Name, Name);
        changed = HostName is null ? changed : changed.With(ConfigKeys.HostName, HostName);
        changed = ClientHostName is null ? changed : changed.With(ConfigKeys.ClientHostName, ClientHostName);
        changed = ClientPort switch
        {
            null => changed,
            0 => changed.With(ConfigKeys.ClientPort, null),
            { } port => changed.With(ConfigKeys.ClientPort, port),
        };
        return Port is { } own ? changed.With(ConfigKeys.Port, own) : changed;
    }

    /// <summary>
    /// Tells the monitor, which may refuse a name or an address that another node has, and returns the configuration to write.
    /// </summary>
    /// <exception cref="CommandFailure">
    /// A host name does not resolve, the certificate is not for it, or the monitor refuses or knows nothing of such an address; nothing was changed.
    /// </exception>
    public async Task<NodeConfig> PublishAsync(LocalNode local, CommandContext context, CancellationToken cancellationToken)
    {
        if (local.Config.IsMonitor)
        {
            throw new CommandFailure(ExitCode.BadConfiguration, $"\"{local.Paths.PgData}\" is a monitor; this command is for a node");
        }

        var changed = Apply(local.Config);
        await Discoveries.RequireResolvingAsync(ConfigKeys.HostName, "--hostname", changed, local.Config, cancellationToken);
        await Discoveries.RequireResolvingAsync(ConfigKeys.ClientHostName, "--client-hostname", changed, local.Config, cancellationToken);
        if (HasClient)
        {
            CreateOptions.RequireCertificateFor(changed, ConfigKeys.ClientHostName, context);
        }

        if (local.Config.MonitorUri is not null)
        {
            await using var node = await RegisteredNode.ConnectAsync(local.Paths.PgData, context, cancellationToken);
            if (HasClient)
            {
                await node.RequireClientAddressesAsync(cancellationToken);
            }

            await node.UpdateMetadataAsync(Name, HostName, Port, cancellationToken);
            if (HasClient)
            {
                await node.SetClientAddressAsync(ClientAddressOf.Config(changed), cancellationToken);
            }
        }

        return changed;
    }
}
