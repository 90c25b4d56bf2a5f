using System.Text.Json;
using PgAutoFailover.Core.Groups;
using PgAutoFailover.Core.Operations;
using PgAutoFailover.Core.Vocabulary;
using PgAutoFailover.Monitor.Groups;
using PgAutoFailover.Monitor.Service;

namespace PgAutoFailover.Monitor.Api;

/// <summary>What a node is called, where it is found, and which cluster its data belongs to (monitor-api.md sections 5.3 to 5.5).</summary>
internal sealed class NodeIdentity(GroupRegistry groups)
{
    public async Task<ServiceReply> SetSystemIdentifierAsync(RequestArguments a, CancellationToken cancellationToken)
    {
        var (nodeId, identifier) = (a.Long("node_id"), a.Long("node_sysidentifier"));
        var (node, error) = await ChangeAsync(nodeId, n => n with { SystemIdentifier = identifier == 0 ? null : identifier }, cancellationToken);
        return error is null ? ReplyJson.Record(w => Write(w, node!)) : ServiceReply.Refused(error); // without an error there is a node
    }

    public async Task<ServiceReply> SetGroupSystemIdentifierAsync(RequestArguments a, CancellationToken cancellationToken)
    {
        var ids = await groups.Store.ReplaceZeroSystemIdentifierAsync(a.Int("group_id"), a.Long("node_sysidentifier"), cancellationToken);
        await groups.ReloadAsync(cancellationToken);
        return ReplyJson.Set(ids.Select(id => groups.OfNode(id)?.View.Find(id)).OfType<NodeView>(), Write);
    }

    public async Task<ServiceReply> UpdateMetadataAsync(RequestArguments a, CancellationToken cancellationToken)
    {
        if (a.LongOrNull("node_id") is not { } nodeId)
        {
            return ServiceReply.Refused(new(ApiError.InternalError, "node_id must not be null"));
        }

        var (_, error) = await ChangeAsync(
            nodeId,
            n => n with { Name = a.TextOrNull("node_name") ?? n.Name, Host = a.TextOrNull("node_host") ?? n.Host, Port = a.IntOrNull("node_port") ?? n.Port },
            cancellationToken);
        return error is null ? ReplyJson.True : ServiceReply.Refused(error);
    }

    /// <summary>Where applications are to find a node; nulls: where the other nodes do. Not in 2.0.</summary>
    public async Task<ServiceReply> SetClientAddressAsync(RequestArguments a, CancellationToken cancellationToken)
    {
        var client = new ClientAddress(a.TextOrNull("client_host"), a.IntOrNull("client_port"));
        var (_, error) = await ChangeAsync(a.Long("node_id"), n => n with { Client = client }, cancellationToken);
        return error is null ? ReplyJson.True : ServiceReply.Refused(error);
    }

    private async Task<(NodeView? Node, ApiError? Error)> ChangeAsync(long nodeId, Func<NodeView, NodeView> edit, CancellationToken cancellationToken)
    {
        if (groups.OfNode(nodeId) is not { } group)
        {
            return (null, ReportHandling.UnknownNode(nodeId));
        }

        NodeView? after = null;
        var outcome = await group.AskAsync(
            change =>
            {
                if (change.After.Find(nodeId) is not { } node)
                {
                    return ReportHandling.UnknownNode(nodeId);
                }

                after = edit(node);
                if ((NodeNaming.AddressProblem(after.Host, after.Port) ?? NodeNaming.Problem("node_name", after.Name) ?? NodeNaming.AddressProblem(after.Client)) is { } problem)
                {
                    return problem;
                }

                change.After = change.After.With(after);
                if ((after.Name, after.Host, after.Port) != (node.Name, node.Host, node.Port))
                {
                    // The other nodes hear of it by that, and let it in and follow it under its new address.
                    change.Announce($"{node} is now {after}", after);
                }

                if (after.Client != node.Client)
                {
                    change.Announce($"Applications are told to find {after} at {after.Client.Of(after.Host, after.Port)}", after);
                }

                return null;
            },
            cancellationToken);
        return (after, outcome.Error);
    }

    private static void Write(Utf8JsonWriter w, NodeView node)
    {
        w.WriteNumber("node_id", node.Id);
        w.WriteString("node_name", node.Name);
        w.WriteString("node_host", node.Host);
        w.WriteNumber("node_port", node.Port);
    }
}
