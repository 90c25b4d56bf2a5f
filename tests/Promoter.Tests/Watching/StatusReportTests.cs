using System.Text.Json;
using PgAutoFailover.Promoter.Tests.Decisions;
using PgAutoFailover.Promoter.Watching;
using PgAutoFailover.Promoter.Witnesses;

namespace PgAutoFailover.Promoter.Tests.Watching;

public sealed class StatusReportTests
{
    [Fact]
    public void It_fits_into_a_line_of_the_worker_and_its_opinions_are_JSON_whatever_they_say()
    {
        var opinions = Enumerable.Range(0, 16).Select(i => new Opinion($"{new string('h', 250)}{i}:5432", OpinionKind.None, "a \"quoted\" \\ reason\n" + new string('é', 900)));

        var line = StatusReport.Line(
            Situations.Settings, 1, Situations.ContactAfter(2), new string('e', 5000), 3, new string('n', 5000), new Verdict([.. opinions], 1));

        line.Length.ShouldBeLessThan(8000);
        var fields = line.Split('\t');
        fields.Length.ShouldBe(10);
        JsonDocument.Parse(fields[9]).RootElement.GetArrayLength().ShouldBeGreaterThan(0);
    }
}
