using System.Collections.Immutable;
using PgAutoFailover.Core.Groups;
using PgAutoFailover.Core.Rules;
using PgAutoFailover.Core.Vocabulary;

namespace PgAutoFailover.Core.Forecasts;

/// <summary>A decision of the rules on the way.</summary>
/// <param name="Before">The group that it was taken about.</param>
/// <param name="Clock">When.</param>
internal sealed record CourseDecision(Decision Decision, GroupView Before, Clock Clock);

/// <summary>
/// A group on its way to rest: the monitor's own rules, asked after each report and each moment at which time alone changes something,
/// with keepers that do what they can. The rules decide here as they do in the monitor; only the reports are imagined.
/// </summary>
internal sealed class Course
{
    /// <summary>A group of ten nodes needs some dozens.</summary>
    private const int MostRounds = 400;

    private static readonly TimeSpan s_longAgo = TimeSpan.FromDays(100);

    private readonly MonitorSettings _settings;
    private readonly Presence _presence;
    private readonly TimeSpan _begin;
    private readonly ImmutableArray<CourseDecision>.Builder _decisions = ImmutableArray.CreateBuilder<CourseDecision>();

    private readonly bool _descending;

    private Course(GroupView group, bool descending, MonitorSettings settings, Clock clock, Presence presence)
    {
        (_descending, _settings, _presence, _begin) = (descending, settings, presence, clock.Now);
        (Group, Clock) = (AckKnowledge.Widen(group), clock);
    }

    /// <summary>The group as it is in the end.</summary>
    public GroupView Group { get; private set; }

    public Clock Clock { get; private set; }

    public ImmutableArray<CourseDecision> Decisions => _decisions.ToImmutable();

    /// <summary>Primaries that stopped in order: whoever received from them has everything.</summary>
    public ImmutableHashSet<long> StoppedInOrder { get; private set; } = [];

    /// <summary>How long it takes until a node that did not take writes does; null when that never happens.</summary>
    public TimeSpan? LeaderAfter { get; private set; }

    /// <summary>Nothing changes any more. False when it went on for longer than anything sensible does.</summary>
    public bool HasEnded { get; private set; }

    /// <param name="descending">Keepers report in descending order of their nodes' ids, as far as it is for this to choose.</param>
    public static Course Run(GroupView group, bool descending, MonitorSettings settings, Clock clock, Presence presence)
    {
        var course = new Course(group, descending, settings, clock, presence);
        for (var round = 0; round < MostRounds && !course.HasEnded; round++)
        {
            course.HasEnded = !course.Decide() && !course.Report() && !course.Wait();
        }

        return course;
    }

    /// <summary>The group after one more report of each keeper but one: what they have done already, and have not said yet.</summary>
    public static GroupView OneRoundOn(GroupView group, long? silentId, MonitorSettings settings, Clock clock)
    {
        var course = new Course(group, descending: false, settings, clock, new Presence(group, lostId: null, settings, clock));
        course.Report(except: silentId);
        return course.Group;
    }

    private bool Decide()
    {
        var count = _decisions.Count;
        for (var round = 0; round < MostRounds && GroupRules.Decide(Group, _settings, Clock) is { } decision; round++)
        {
            _decisions.Add(new(decision, Group, Clock));
            Group = GroupRules.Apply(Group, decision, Clock);
        }

        return _decisions.Count > count;
    }

    /// <summary>One report of each keeper. True when that changed more than the time of the last one.</summary>
    private bool Report(long? except = null)
    {
        var changed = false;
        var ids = Group.Nodes.Where(n => _presence.Has(n) && n.Id != except).Select(n => n.Id).ToList();
        if (_descending)
        {
            ids.Reverse();
        }

        foreach (var id in ids)
        {
            if (Group.Find(id) is not { } node)
            {
                continue;
            }

            var report = ForeseenReport.Of(node, Group, _presence);
            var after = Reports.Accept(node, report, knowsGoal: true, Clock) with { Health = Health.Good, HealthCheckedAt = Clock.Now };
            after = KeeperOutlook.IsBroken(after) ? after with { Health = node.Health } : after;
            NoteChange(node, after);
            var confirmed = AckKnowledge.Widen(AckKnowledge.Confirm(Group, Group.With(after), id));
            var isNews = after.Reported != node.Reported || after.GoalConfirmed != node.GoalConfirmed || !confirmed.Terms.SequenceEqual(Group.Terms)
                || after.Lsn != node.Lsn || after.Timeline != node.Timeline || after.NotStreamingSince is null != node.NotStreamingSince is null;
            Group = confirmed;
            changed |= Decide() || isNews;
        }

        return changed;
    }

    private void NoteChange(NodeView before, NodeView after)
    {
        if (before.Reported.CanTakeWrites() && after.Reported.HasStopped() && !KeeperOutlook.IsBroken(before))
        {
            StoppedInOrder = StoppedInOrder.Add(before.Id);
        }

        if (!before.Reported.CanTakeWrites() && after.Reported.CanTakeWrites())
        {
            LeaderAfter = Clock.Now - _begin;
        }
    }

    /// <summary>Lets time pass up to the next moment at which it counts. False when there is none.</summary>
    private bool Wait()
    {
        if (NextMoment() is not { } next)
        {
            return false;
        }

        Clock = Clock with { Now = next };
        Group = Group with { Nodes = [.. Group.Nodes.Select(n => _presence.Has(n) ? n with { ReportedAt = next } : Unanswered(n))] };
        return true;
    }

    private TimeSpan? NextMoment()
    {
        // Who is there goes on reporting: the moments at which its silence would count do not come.
        var heard = Group with { Nodes = [.. Group.Nodes.Select(n => _presence.Has(n) ? n with { ReportedAt = Clock.Now - s_longAgo, Evidence = Messages.NodeEvidence.None } : n)] };
        var next = GroupDeadline.Next(heard, _settings, Clock);
        foreach (var moment in Group.Nodes.Where(n => !_presence.Has(n)).Select(FailsCheckAt).Where(m => m > Clock.Now))
        {
            next = next is null || moment < next ? moment : next;
        }

        return next;
    }

    private TimeSpan FailsCheckAt(NodeView node) =>
        (node.ReportedAt > _begin ? node.ReportedAt : _begin) + _settings.HealthCheckPeriod + (_settings.HealthCheckMaxRetries * (_settings.HealthCheckRetryDelay + _settings.HealthCheckTimeout));

    private NodeView Unanswered(NodeView node) => _settings.EnableHealthChecks && Clock.Now >= FailsCheckAt(node)
        ? node with { Health = Health.Bad, HealthCheckedAt = Clock.Now, Probe = ProbeOutcome.TimedOut, ProbedAt = Clock.Now }
        : node;
}
