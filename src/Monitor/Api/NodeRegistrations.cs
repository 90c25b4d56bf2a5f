using System.Globalization;
using PgAutoFailover.Core.Groups;
using PgAutoFailover.Core.Messages;
using PgAutoFailover.Core.Operations;
using PgAutoFailover.Core.Vocabulary;
using PgAutoFailover.Monitor.Groups;
using PgAutoFailover.Monitor.Service;

namespace PgAutoFailover.Monitor.Api;

/// <summary><c>pgautofailover.register_node</c> (monitor-api.md section 5.1).</summary>
internal sealed class NodeRegistrations(GroupRegistry groups) : IDisposable
{
    // One registration at a time: which group a worker joins, and whether a formation has nodes, is a matter of all its groups.
    private readonly SemaphoreSlim _one = new(1);

    public async Task<ServiceReply> RegisterAsync(RequestArguments a, CancellationToken cancellationToken)
    {
        var registration = Read(a);
        await _one.WaitAsync(cancellationToken);
        try
        {
            return await RegisterAsync(registration, cancellationToken);
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();

    private async Task<ServiceReply> RegisterAsync(NodeRegistration registration, CancellationToken cancellationToken)
    {
        if (groups.FindFormation(registration.FormationId) is not { } formation)
        {
            return ServiceReply.Refused(new(
                ApiError.InvalidObjectDefinition, $"formation \"{registration.FormationId}\" does not exist",
                Hint: $"\"pg_autoctl create formation --formation {registration.FormationId}\" on the monitor creates it"));
        }

        var members = groups.OfFormation(formation.Id);
        var (adopted, error) = FormationAdoption.For(formation, members.All(g => g.View.Nodes.IsEmpty), registration);
        if (error is not null)
        {
            return ServiceReply.Refused(error);
        }

        var groupId = GroupFor(adopted, members, registration);
        var view = groups.Find(formation.Id, groupId)?.View ?? new GroupView(formation, groupId, []);
        if (!view.IsRestored && Registration.FindOwn(view, registration) is { } own)
        {
            var again = await groups.GetOrAdd(view).AskAsync(change => TakeUp(change, registration, own.Id), cancellationToken);
            return again.Change is { } taken ? Answer(taken, own.Id) : ServiceReply.Refused(again.Error!); // one of the two is always there
        }

        // Judged before an id is taken, and before there is a group: a keeper that has to retry every second would use up one each time.
        if (Registration.Judge(Without(Registration.FindGivenUp(view, registration), view) with { Formation = adopted }, registration).Error is { } early)
        {
            return ServiceReply.Refused(early);
        }

        var nodeId = registration.DesiredNodeId >= 0 ? registration.DesiredNodeId : await groups.Store.NextNodeIdAsync(cancellationToken);
        var group = groups.GetOrAdd(view);
        try
        {
            var outcome = await group.JoinAsync(nodeId, change => Join(change, adopted, registration, nodeId), cancellationToken);
            return outcome.Change is { } change
                ? Answer(change, nodeId)
                : ServiceReply.Refused(outcome.Error!); // one of the two is always there
        }
        finally
        {
            // What another group has already, such as the name, only the tables know.
            await groups.ForgetUnlessJoinedAsync(group, cancellationToken);
        }
    }

    private static GroupView Without(NodeView? node, GroupView group) => node is null ? group : group.Without(node.Id);

    private static ApiError? TakeUp(GroupChange change, NodeRegistration registration, long nodeId)
    {
        if (Registration.FindOwn(change.After, registration) is not { } own || own.Id != nodeId)
        {
            return new(ApiError.ObjectInUse, $"node {nodeId}, which was found registered already, has changed meanwhile", Hint: "Retry in a moment");
        }

        if (own.RegistrationId != registration.RegistrationId)
        {
            var after = own with { RegistrationId = registration.RegistrationId };
            change.After = change.After.With(after);
            change.Announce($"The registration of {own} is taken up again", after);
        }

        return null;
    }

    private static ApiError? Join(GroupChange change, Formation adopted, NodeRegistration registration, long nodeId)
    {
        // Rows of a backup that are all gone say nothing about the node that comes then.
        change.After = change.After with { Formation = adopted, IsRestored = false };
        if (Registration.FindGivenUp(change.After, registration) is { } givenUp)
        {
            change.After = change.After.Without(givenUp.Id);
            change.Announce($"Removing {givenUp}, which was dropped while it was created, as it is registered again", givenUp);
        }

        var (goal, error) = Registration.Judge(change.After, registration);
        if (error is not null)
        {
            return error;
        }

        var now = change.Clock.Now;
        var node = new NodeView
        {
            Id = nodeId,
            Name = registration.NodeName.Length > 0 ? registration.NodeName : NameFor(change.After, nodeId),
            Host = registration.Host,
            Port = registration.Port,
            RegistrationId = registration.RegistrationId,
            SystemIdentifier = registration.SystemIdentifier == 0 ? null : registration.SystemIdentifier,
            Goal = goal,
            Reported = registration.InitialState,
            CandidatePriority = registration.CandidatePriority,
            ReplicationQuorum = registration.ReplicationQuorum,
            Cluster = registration.Cluster,
            ReportedAt = now,
            WalReportedAt = now,
            StateChangedAt = now,
            HealthCheckedAt = now,
        };
        change.After = change.After with { Nodes = [.. change.After.Nodes.Append(node).OrderBy(n => n.Id)] };
        var number = Registration.NumberSyncStandbysWith(change.After, nodeId);
        if (number != adopted.NumberSyncStandbys)
        {
            change.After = change.After with { Formation = adopted with { NumberSyncStandbys = number } };
            change.Announce($"Setting number_sync_standbys to {number} for formation {adopted.Id}, now that there are two standbys in the quorum.", node);
        }

        change.Announce(
            $"Registering {node} to formation \"{adopted.Id}\" with replication quorum {(node.ReplicationQuorum ? "true" : "false")} and candidate priority {node.CandidatePriority}",
            node);
        return null;
    }

    private static int GroupFor(Formation formation, IReadOnlyCollection<GroupActor> members, NodeRegistration registration)
    {
        if (registration.DesiredGroupId >= 0)
        {
            return registration.DesiredGroupId;
        }

        if (formation.Kind == FormationKind.Pgsql || registration.NodeKind == "coordinator")
        {
            return 0;
        }

        // A worker without a wish: the first group that lacks its first node, or its second where there may be one.
        var counts = members.ToDictionary(g => g.View.GroupId, g => g.View.Live.Length);
        return Enumerable.Range(1, members.Count + 1)
            .First(id => counts.GetValueOrDefault(id) is var count && (count == 0 || (count == 1 && formation.OptSecondary)));
    }

    private static string NameFor(GroupView group, long nodeId)
    {
        if (group.Formation.Kind == FormationKind.Pgsql)
        {
            return string.Create(CultureInfo.InvariantCulture, $"node_{nodeId}");
        }

        var prefix = group.GroupId == 0 ? "coord" : "worker";
        return string.Create(CultureInfo.InvariantCulture, $"{prefix}{group.GroupId}{(char)('a' + group.Nodes.Length)}");
    }

    private static ServiceReply Answer(GroupChange change, long nodeId)
    {
        var node = change.After.Find(nodeId)!; // no rule removes a node that has just joined
        return ReplyJson.Record(w =>
        {
            w.WriteNumber("assigned_node_id", node.Id);
            w.WriteNumber("assigned_group_id", change.After.GroupId);
            w.WriteString("assigned_group_state", node.Goal.ToWire());
            w.WriteNumber("assigned_candidate_priority", node.CandidatePriority);
            w.WriteBoolean("assigned_replication_quorum", node.ReplicationQuorum);
            w.WriteString("assigned_node_name", node.Name);
        });
    }

    private static NodeRegistration Read(RequestArguments a) => new(
        a.Text("formation_id"),
        a.Text("node_host"),
        a.Int("node_port"),
        a.Text("dbname"),
        a.Text("node_name"),
        a.Long("sysidentifier"),
        a.Long("desired_node_id"),
        a.Int("desired_group_id"),
        a.State("initial_group_role"),
        a.Text("node_kind"),
        a.Int("candidate_priority"),
        a.Bool("replication_quorum"),
        a.Text("node_cluster"))
    {
        RegistrationId = a.Text("registration"),
    };
}
