using System.Globalization;
using System.Text;
using PgAutoFailover.Promoter.Decisions;
using PgAutoFailover.Promoter.Settings;
using PgAutoFailover.Promoter.Witnesses;
using PgAutoFailover.Promoter.Worker;

namespace PgAutoFailover.Promoter.Watching;

/// <summary>The row of the view <c>pg_promoter_status</c>, as the line that the worker takes it from.</summary>
internal static class StatusReport
{
    // With the other fields it must fit into a line of the worker's: 8 kB.
    private const int MostWitnessText = 3500;
    private const int MostReason = 80;

    public static string Line(PromoterSettings settings, long looks, Contact contact, string lastError, long? behind, string nextAction, Verdict verdict) =>
        Fields.Join(
            "status",
            "watching",
            Fields.Plain(settings.PrimaryName, 500),
            looks.ToString(CultureInfo.InvariantCulture),
            contact.LastAt is { } at ? (at.ToUnixTimeMilliseconds() * 1000).ToString(CultureInfo.InvariantCulture) : "",
            contact.Failures.ToString(CultureInfo.InvariantCulture),
            Fields.Plain(lastError),
            behind?.ToString(CultureInfo.InvariantCulture) ?? "",
            Fields.Plain(nextAction),
            Witnesses(verdict));

    private static string Witnesses(Verdict verdict)
    {
        var json = new StringBuilder("[");
        foreach (var opinion in verdict.Opinions)
        {
            var reason = opinion.Text.Length == 0 ? "" : $", \"error\": {Quote(opinion.Text)}";
            var one = $"{(json.Length > 1 ? ", " : "")}{{\"witness\": {Quote(opinion.Witness)}, \"opinion\": {Quote(Name(opinion.Kind))}{reason}}}";
            if (json.Length + one.Length < MostWitnessText)
            {
                json.Append(one);
            }
        }

        return json.Append(']').ToString();
    }

    private static string Name(OpinionKind kind) => kind switch
    {
        OpinionKind.SeesIt => "sees the primary",
        OpinionKind.AgreesThatItIsGone => "agrees that it is gone",
        _ => "none",
    };

    private static string Quote(string text) =>
        '"' + Fields.Plain(text, MostReason).Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal) + '"';
}
