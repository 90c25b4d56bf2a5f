using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using PgAutoFailover.Core.Groups;
using PgAutoFailover.Monitor.Settings;
using PgAutoFailover.Monitor.Store;

namespace PgAutoFailover.Monitor.Groups;

/// <summary>All groups of this monitor, and which group a node belongs to. Every formation has a group 0, with or without nodes.</summary>
internal sealed class GroupRegistry(IMonitorStore store, MonitorClock clock, SettingsSource settings, ILogger logger) : IAsyncDisposable
{
    private readonly ConcurrentDictionary<(string FormationId, int GroupId), GroupActor> _groups = new();
    private readonly ConcurrentDictionary<long, GroupActor> _byNode = new();
    private readonly Lock _adding = new();

    /// <summary>Told of a group's view before and after each turn that changed it. Must not block.</summary>
    public Action<GroupView, GroupView>? Changed { get; set; }

    public IMonitorStore Store => store;

    public MonitorClock Clock => clock;

    public IEnumerable<GroupActor> All => _groups.Values;

    public GroupActor? OfNode(long nodeId) => _byNode.GetValueOrDefault(nodeId);

    public GroupActor? Find(string formationId, int groupId) => _groups.GetValueOrDefault((formationId, groupId));

    /// <summary>The formation as its group 0 knows it.</summary>
    public Formation? FindFormation(string formationId) => Find(formationId, 0)?.View.Formation;

    public ImmutableArray<GroupActor> OfFormation(string formationId) => [.. All.Where(g => g.View.Formation.Id == formationId)];

    /// <summary>The actor of a group, made where it is the first mention of the group.</summary>
    public GroupActor GetOrAdd(GroupView view)
    {
        var key = (view.Formation.Id, view.GroupId);
        GroupActor added;
        lock (_adding)
        {
            if (_groups.TryGetValue(key, out var known))
            {
                return known;
            }

            added = _groups[key] = new GroupActor(view, store, clock, settings, logger, OnChanged);
            foreach (var node in view.Nodes)
            {
                _byNode[node.Id] = added;
            }
        }

        Changed?.Invoke(view with { Nodes = [] }, view);
        return added;
    }

    /// <summary>Forgets a group that was only mentioned: nobody has joined it. Group 0 stays, it stands for its formation.</summary>
    public async Task ForgetUnlessJoinedAsync(GroupActor group, CancellationToken cancellationToken)
    {
        // The turn comes after those that are under way, or wait, and may bring it a node.
        if (group.View is { GroupId: not 0, Nodes.IsEmpty: true }
            && await group.AskAsync(_ => null, cancellationToken) is { Change.After: { Nodes.IsEmpty: true } view }
            && _groups.TryRemove(new((view.Formation.Id, view.GroupId), group)))
        {
            await group.DisposeAsync();
        }
    }

    /// <summary>Brings all groups in line with the tables, where somebody has edited them. Evidence in memory is kept.</summary>
    public async Task ReloadAsync(CancellationToken cancellationToken)
    {
        var rows = await store.LoadAsync(clock.Now, cancellationToken);
        foreach (var group in rows)
        {
            var actor = GetOrAdd(group);
            if (!GroupRows.SameRows(actor.View, group))
            {
                Log.RowsWereEdited(logger, group.Formation.Id, group.GroupId);
                actor.Reload();
            }
        }

        var known = rows.Select(g => (g.Formation.Id, g.GroupId)).ToHashSet();
        foreach (var (key, actor) in _groups.Where(g => !known.Contains(g.Key)))
        {
            if (rows.Any(g => g.Formation.Id == key.FormationId))
            {
                actor.Reload();
            }
            else
            {
                await RemoveFormationAsync(key.FormationId);
            }
        }
    }

    /// <summary>Forgets a formation that is gone from the tables.</summary>
    public async Task RemoveFormationAsync(string formationId)
    {
        foreach (var actor in OfFormation(formationId))
        {
            if (_groups.TryRemove((formationId, actor.View.GroupId), out _))
            {
                await actor.DisposeAsync();
                OnChanged(actor.View with { Nodes = [] }, actor.View, actor);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var actor in All)
        {
            await actor.DisposeAsync();
        }
    }

    private void OnChanged(GroupActor actor, GroupView before) => OnChanged(actor.View, before, actor);

    private void OnChanged(GroupView after, GroupView before, GroupActor actor)
    {
        foreach (var gone in before.Nodes.Where(n => after.Find(n.Id) is null))
        {
            _byNode.TryRemove(new(gone.Id, actor));
        }

        foreach (var joined in after.Nodes.Where(n => before.Find(n.Id) is null))
        {
            _byNode[joined.Id] = actor;
        }

        if (before.Formation != after.Formation)
        {
            // Groups of one formation share its row.
            foreach (var sibling in OfFormation(after.Formation.Id).Where(s => s != actor && s.View.Formation != after.Formation))
            {
                sibling.Reload();
            }
        }

        Changed?.Invoke(before, after);
    }
}
