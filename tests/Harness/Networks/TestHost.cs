using PgAutoFailover.Harness.Processes;

namespace PgAutoFailover.Harness.Networks;

/// <summary>Where a process runs and which address others reach it by.</summary>
public sealed record TestHost(string Name, string Address, string? Namespace)
{
    /// <summary>Put before a command, it runs on this host as the clusters' owner.</summary>
    internal IReadOnlyList<string> Prefix { get; } = Namespace is null
        ? Account.Prefix
        : ["nsenter", "--net=/run/netns/" + Namespace, .. Account.Prefix];

    /// <summary>Makes the calling thread open its sockets on this host from now on.</summary>
    internal void EnterOnThisThread()
    {
        if (Namespace is not null)
        {
            Native.EnterNetworkNamespace(Namespace);
        }
    }
}
