using System.Diagnostics.Metrics;
using PgAutoFailover.Cli.Http;
using Shouldly;

namespace PgAutoFailover.Cli.Tests.Http;

public class PagesTests
{
    [Theory]
    [InlineData("", null)]
    [InlineData("lag=1000", 1000L)]
    [InlineData("lag=16MB", 16L * 1024 * 1024)]
    [InlineData("lag=64kB", 65536L)]
    [InlineData("lag=2GB", 2L << 30)]
    public void A_limit_is_read_in_units_of_PostgreSQL(string query, long? bytes)
    {
        LagLimit.TryParse(query, out var read).ShouldBeTrue();
        read.ShouldBe(bytes);
    }

    [Theory]
    [InlineData("lag=")]
    [InlineData("lag=-1")]
    [InlineData("lag=16mb")]
    [InlineData("lag=16 MB")]
    [InlineData("lag=99999999999TB")]
    [InlineData("leg=1")]
    public void A_limit_that_makes_no_sense_is_no_limit_at_all(string query) => LagLimit.TryParse(query, out _).ShouldBeFalse();

    [Fact]
    public void Instruments_are_written_as_Prometheus_reads_them()
    {
        using var meter = new Meter("test");
        using var other = new Meter("test");
        meter.CreateObservableGauge("a.thing.age", () => 1.5, "s", "how old");
        meter.CreateObservableCounter("b.things", () => new Measurement<long>(7, new KeyValuePair<string, object?>("node.name", "a\"b\\c\nd")), description: "how many");
        meter.CreateObservableGauge("c.nothing", () => Array.Empty<Measurement<long>>());
        other.CreateObservableGauge("d.of.somebody.else", () => 1L);

        PrometheusText.Of(meter).ShouldBe(
            """
            # HELP a_thing_age_seconds how old
            # TYPE a_thing_age_seconds gauge
            a_thing_age_seconds 1.5
            # HELP b_things_total how many
            # TYPE b_things_total counter
            b_things_total{node_name="a\"b\\c\nd"} 7

            """);
    }

    [Fact]
    public void A_node_of_which_nothing_is_known_yet_serves_nothing()
    {
        using var pages = new NodePages(() => null, TimeProvider.System);
        int StatusOf(string path, string query = "") => pages.Answer(new HttpRequest("GET", path, query)).Status;

        StatusOf("/primary").ShouldBe(503);
        StatusOf("/replica").ShouldBe(503);
        StatusOf("/replica", "lag=x").ShouldBe(400);
        StatusOf("/health").ShouldBe(503);
        StatusOf("/metrics").ShouldBe(200);
        StatusOf("/").ShouldBe(404);
    }
}
