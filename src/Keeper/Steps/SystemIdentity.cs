namespace PgAutoFailover.Keeper.Steps;

/// <summary>Tells the monitor which cluster this node has, and remembers it.</summary>
internal static class SystemIdentity
{
    public static async Task PublishAsync(KeeperContext c, CancellationToken cancellationToken)
    {
        var control = await c.Server.ReadControlDataAsync(cancellationToken);
        await c.Monitor.SetNodeSystemIdentifierAsync(c.NodeId, control.SystemIdentifier, cancellationToken);
        c.State.Change(s => s with
        {
            SystemIdentifier = control.SystemIdentifier,
            PgControlVersion = control.ControlVersion,
            PgCatalogVersion = control.CatalogVersion,
        });
    }
}
