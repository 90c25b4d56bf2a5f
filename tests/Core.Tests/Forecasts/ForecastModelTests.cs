using PgAutoFailover.Core.Forecasts;
using PgAutoFailover.Core.Groups;
using PgAutoFailover.Core.Rules;
using PgAutoFailover.Core.Tests.Model;
using PgAutoFailover.Core.Vocabulary;
using Shouldly;
using Xunit;

namespace PgAutoFailover.Core.Tests.Forecasts;

/// <summary>What is foreseen is what happens: forecasts of states that the model can get into, and what the model then really comes to, in random orders of events.</summary>
public class ForecastModelTests(ITestOutputHelper output)
{
    private static readonly Clock s_clock = new(TimeSpan.FromHours(1), TimeSpan.Zero);

    private readonly SortedDictionary<string, int> _cases = new(StringComparer.Ordinal);
    private int _foreseen;
    private int _surprises;

    [Fact]
    public void Whoever_is_foreseen_to_lead_a_pair_does_and_holds_what_is_foreseen()
    {
        Check(GroupModel.NewPair(faults: 1, operations: 1, writes: 1), everyNth: 59);
        Check(GroupModel.NewPair(faults: 1, operations: 1, writes: 1, quorum: false), everyNth: 59);
        Check(GroupModel.NewPair(faults: 0, operations: 2, writes: 1), everyNth: 59);

        _cases.Keys.ShouldBe(["another leads, Kept", "another leads, MayBeLost", "nobody leads", "the same leads", "writes were lost"]);
        _surprises.ShouldBe(0);
    }

    [Fact]
    public void Whoever_is_foreseen_to_lead_three_nodes_does_and_holds_what_is_foreseen()
    {
        Check(GroupModel.Three(faults: 1, operations: 0, writes: 2, number: 1), everyNth: 197);
        Check(GroupModel.Three(faults: 1, operations: 0, writes: 1, number: 0, priority3: 50), everyNth: 197);
        Check(GroupModel.Three(faults: 0, operations: 1, writes: 1, number: 1, priority3: 50), everyNth: 197);

        new[] { "another leads, Kept", "nobody leads", "the same leads" }.ShouldBeSubsetOf(_cases.Keys);
        _cases.Keys.ShouldNotContain("writes were lost");
        _surprises.ShouldBe(0);
    }

    private void Check(GroupModel start, int everyNth)
    {
        var search = new GroupSearch();
        search.Run(start, _ => { });
        var number = 0;
        foreach (var model in search.Reached.Where(m => m.Count > 0 && IsKnownToTheMonitor(m)))
        {
            for (var i = 0; i < model.Count; i++)
            {
                if (model[i] is { Exists: true, Up: true } && number++ % everyNth == 0)
                {
                    Check(search, model, i, new Random(number));
                }
            }
        }

        output.WriteLine($"{search.States} states, {string.Join(", ", _cases.Select(c => $"{c.Key}: {c.Value}"))}; foreseen {_foreseen}, surprises {_surprises}");
    }

    private void Check(GroupSearch search, GroupModel model, int lost, Random order)
    {
        var view = model.View();
        var forecast = Forecast.Of(view, lost + 1, MonitorSettings.Default, s_clock);
        for (var course = 0; course < 3; course++)
        {
            var end = model.RestWithout(lost, order);
            var leader = Enumerable.Range(0, end.Count).Where(i => end[i] is { Exists: true, Up: true, Pg: Pg.Primary } n && n.Goal.CanTakeWrites()).Select(i => (long?)(i + 1)).SingleOrDefault();
            string Story() => $"node {lost + 1} lost; {ForecastText.Of(forecast, view)} rules {string.Join(' ', forecast.Decisions.Select(d => d.RuleId))}; "
                + $"in the end {string.Join("; ", Enumerable.Range(0, end.Count).Select(i => end[i].ToString()))} terms {end.Terms.ReplaceLineEndings(", ")} after {search.Story(model)}";

            Forecast[] outcomes = [forecast, .. forecast.Otherwise];
            var isForeseen = outcomes.SelectMany(f => f.OrElse.Select(n => (long?)n.Id).Prepend(f.Leader?.Id)).Contains(leader);
            (isForeseen || !forecast.IsCertain).ShouldBeTrue(Story());
            Tally(isForeseen);


            // What a promotion that is already decided has given up is no news.
            var isDecided = view.Live.Any(n => n.Goal.CanTakeWrites() && !n.Reported.CanTakeWrites());
            var hasLost = leader is { } id && !isDecided && (model.Acknowledged & ~end[(int)id - 1].Writes) != 0;
            (hasLost && outcomes.All(f => f.Writes != WriteFate.MayBeLost)).ShouldBeFalse(Story());
            Count(leader is null ? "nobody leads" : model[(int)leader - 1].Reported.CanTakeWrites() ? "the same leads" : $"another leads, {forecast.Writes}");
            Count(hasLost ? "writes were lost" : null);
        }
    }

    private void Tally(bool isForeseen) => (_foreseen, _surprises) = isForeseen ? (_foreseen + 1, _surprises) : (_foreseen, _surprises + 1);

    private void Count(string? name)
    {
        if (name is not null)
        {
            _cases[name] = _cases.GetValueOrDefault(name) + 1;
        }
    }

    // Of a node that has gone a moment ago, a link that is cut, a PostgreSQL that has just stopped, the monitor cannot know, and neither can a forecast.
    private static bool IsKnownToTheMonitor(GroupModel model) => Enumerable.Range(0, model.Count).Select(i => model[i]).Where(n => n.Exists)
        .All(n => (n is { Up: true, Link: true, SeenLost: false, PgReported: true } && (n.Pg != Pg.Stopped || n.Actual.HasStopped())) || n is { Up: false, SeenLost: true });
}
