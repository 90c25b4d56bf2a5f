using PgAutoFailover.Cli.Demo;
using Shouldly;

namespace PgAutoFailover.Cli.Tests.Demo;

public sealed class DemoReportTests
{
    [Fact]
    public void Two_clients_and_how_their_times_are_spread()
    {
        using var output = new StringWriter { NewLine = "\n" };

        DemoReport.Write(output, [new(2, 0, 10_000), new(1, 0, 1_000), new(1, 3, 1_801_000), new(1, 0, 2_500), new(10, 0, 1_200_500)]);

        output.ToString().ShouldBe("""
                    Client        | Connections | Retries | Min Connect Time (ms) |   max    |   p95    |   p99    
            ----------------------+-------------+---------+-----------------------+----------+----------+----------
             Client 1             |           3 |       3 |                 1.000 | 1801.000 | 1621.150 | 1765.030
             Client 2             |           1 |       0 |                10.000 |   10.000 |   10.000 |   10.000
             Client 10            |           1 |       0 |              1200.500 | 1200.500 | 1200.500 | 1200.500
             All Clients Combined |           5 |       3 |                 1.000 | 1801.000 | 1680.900 | 1776.980
            (4 rows)

             Min Connect Time (ms) |   max    | freq |                      bar                      
            -----------------------+----------+------+-----------------------------------------------
                             1.000 |   10.000 |    3 | ▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒
                          1200.500 | 1200.500 |    1 | ▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒
                          1801.000 | 1801.000 |    1 | ▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒
            (3 rows)


            """);
    }

    [Fact]
    public void Nothing_measured_is_an_empty_table()
    {
        using var output = new StringWriter { NewLine = "\n" };

        DemoReport.Write(output, []);

        output.ToString().Split("(0 rows)").Length.ShouldBe(3);
    }

    [Fact]
    public void Times_that_are_all_the_same_are_one_bar() =>
        HistogramBar.Of([new(1, 0, 5), new(1, 0, 5)]).ShouldBe([new HistogramBar(5, 5, 2)]);

    [Theory]
    [InlineData(0, 1)]
    [InlineData(0.5, 2.5)]
    [InlineData(0.95, 3.85)]
    [InlineData(1, 4)]
    public void A_percentile_lies_between_two_values(double part, double value) =>
        ConnectStatistics.Percentile([1, 2, 3, 4], part).ShouldBe(value, 1e-9);

    [Fact]
    public void Failovers_happen_at_their_interval_until_the_end()
    {
        var settings = new DemoSettings(1, Seconds(100), Seconds(10), Seconds(45));

        settings.Failovers().ShouldBe([Seconds(10), Seconds(55)]);
        (settings with { FirstFailover = null }).Failovers().ShouldBeEmpty();
        (settings with { FirstFailover = Seconds(100) }).Failovers().ShouldBeEmpty();
    }

    private static TimeSpan Seconds(int seconds) => TimeSpan.FromSeconds(seconds);
}
