using System.Globalization;
using PgAutoFailover.Core.Groups;
using PgAutoFailover.Core.Vocabulary;

namespace PgAutoFailover.Core.Forecasts;

/// <summary>A forecast in sentences for an operator.</summary>
public static class ForecastText
{
    public static string Of(Forecast forecast, GroupView group)
    {
        var text = OfOutcome(forecast, group);
        text = forecast.Otherwise is [] ? text
            : $"It depends on what comes first: {text} {string.Join(" ", forecast.Otherwise.Select(o => $"Or: {OfOutcome(o, group)}"))}";
        text = forecast.IsCertain ? text : $"In the middle of a change nothing is certain. {text}";
        return forecast.Away is [] ? text : $"{text} Taken to stay away: {string.Join(", ", forecast.Away)}.";
    }

    private static string OfOutcome(Forecast forecast, GroupView group) =>
        (forecast.Leader is { } leader ? OfLeader(forecast, leader, group) : OfNobody(forecast)).TrimEnd();

    private static string OfLeader(Forecast forecast, NodeView leader, GroupView group)
    {
        // A former primary that goes on after a failover was called off is no new one.
        var goesOn = group.Find(leader.Id) is { } now && now.Reported.CanTakeWrites();
        if (goesOn)
        {
            return $"{leader} would go on as the primary. {Commits(forecast)}";
        }

        var who = forecast.OrElse is [] ? leader.ToString() : $"{string.Join(" or ", forecast.OrElse.Prepend(leader))}, whichever has received more,";
        var when = forecast.Within is { } within
            ? string.Create(CultureInfo.InvariantCulture, $" within about {Math.Ceiling(within.TotalSeconds)} s, sooner where its host refuses connections")
            : "";
        when = forecast.Lost is null ? "" : when;
        var fate = forecast.Writes == WriteFate.Kept
            ? "No acknowledged write would be lost."
            : "Writes that were acknowledged last may be lost: the new primary need not have received them.";
        return $"{who} would take over{when}. {fate} {Commits(forecast)}";
    }

    private static string OfNobody(Forecast forecast)
    {
        var why = forecast.Blocked is { } blocked ? $": {blocked}"
            : forecast.AtRest.Live.All(n => n.Id == forecast.Lost?.Id) ? ": there is no other node."
            : ".";
        return $"Nobody would take writes{why}";
    }

    private static string Commits(Forecast forecast)
    {
        var terms = forecast.AtRest.Terms.Where(t => t.LeaderId == forecast.Leader?.Id).ToList();
        return forecast.CommitsWait ? "Commits would wait until standbys are back: number_sync_standbys asks for more than there would be."
            : terms is [{ StandbyNames: "" }] && forecast.AtRest.Live.Length > 1 ? "Commits would wait for no standby."
            : "";
    }
}
