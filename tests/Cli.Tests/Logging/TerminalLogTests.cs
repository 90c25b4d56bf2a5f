using System.Text.Json;
using Microsoft.Extensions.Logging;
using PgAutoFailover.Cli.Logging;
using Shouldly;

namespace PgAutoFailover.Cli.Tests.Logging;

public sealed class TerminalLogTests
{
    [Fact]
    public void A_line_is_as_in_2_0()
    {
        Write(LogFormat.Text, log => log.Running(42)).ShouldMatch(@"^\d\d:\d\d:\d\d \d+ INFO  pg_autoctl is running with pid 42\n$");
    }

    [Theory]
    [InlineData(LogLevel.Debug, "<7>")]
    [InlineData(LogLevel.Information, "<6>")]
    [InlineData(LogLevel.Warning, "<4>")]
    [InlineData(LogLevel.Error, "<3>")]
    [InlineData(LogLevel.Critical, "<2>")]
    public void The_journal_gets_a_priority_before_each_line(LogLevel level, string priority)
    {
        var lines = Write(LogFormat.Journal, log => log.ServerLogLine(level, "one\ntwo")).Split('\n', StringSplitOptions.RemoveEmptyEntries);

        lines.Length.ShouldBe(2);
        lines.ShouldAllBe(l => l.StartsWith(priority, StringComparison.Ordinal));
    }

    [Fact]
    public void What_somebody_else_said_controls_no_terminal() =>
        Write(LogFormat.Text, log => log.ServerLogLine(LogLevel.Error, "a\tb \u001b[2J\u009b2J\rc")).ShouldEndWith("a\tb \ufffd[2J\ufffd2J\ufffdc\n");

    [Fact]
    public void A_line_of_JSON_has_the_event_and_its_values()
    {
        var text = Write(LogFormat.Json, log => log.PostgresServes("/srv/\"a\"", 5432, 42));

        text.Count(c => c == '\n').ShouldBe(1);
        using var json = JsonDocument.Parse(text);
        var line = json.RootElement;
        line.GetProperty("time").GetString().ShouldNotBeNull().ShouldMatch(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$");
        line.GetProperty("level").GetString().ShouldBe("info");
        line.GetProperty("pid").GetInt32().ShouldBe(Environment.ProcessId);
        line.GetProperty("event").GetString().ShouldBe("PostgresServes");
        line.GetProperty("event_id").GetInt32().ShouldBe(5021);
        line.GetProperty("message").GetString().ShouldBe("Postgres is serving PGDATA \"/srv/\"a\"\" on port 5432 with pid 42");
        line.GetProperty("fields").GetProperty("PgData").GetString().ShouldBe("/srv/\"a\"");
        line.GetProperty("fields").GetProperty("Port").GetInt32().ShouldBe(5432);
    }

    [Fact]
    public void JSON_tells_no_password_in_message_fields_or_exception()
    {
        const string Uri = "postgres://me:sesame@h/db";
        Write(LogFormat.Json, log => log.MonitorIsOk(Uri)).ShouldNotContain("sesame");
        Write(LogFormat.Json, log => log.CommandBroke(new InvalidOperationException(Uri))).ShouldNotContain("sesame");
    }

    [Theory]
    [InlineData(null, true, null, null, nameof(LogFormat.Colours))]
    [InlineData(null, false, null, "pipe:[1]", nameof(LogFormat.Text))]
    [InlineData("text", false, "8:77", "socket:[77]", nameof(LogFormat.Journal))]
    [InlineData("", false, "8:77", "socket:[78]", nameof(LogFormat.Text))]
    [InlineData("json", false, "8:77", "socket:[77]", nameof(LogFormat.Json))]
    [InlineData("json", true, null, null, nameof(LogFormat.Json))]
    [InlineData("xml", true, null, null, null)]
    public void The_format_is_chosen_by_the_environment_and_by_where_the_lines_go(
        string? variable, bool isTerminal, string? stream, string? standardError, string? expected)
    {
        var chosen = LogFormatChoice.Of(name => name == LogFormatChoice.Variable ? variable : stream, isTerminal, standardError);

        chosen?.ToString().ShouldBe(expected);
        (chosen is null).ShouldBe(expected is null);
    }

    private static string Write(LogFormat format, Action<ILogger> act)
    {
        using var writer = new StringWriter { NewLine = "\n" };
        using var log = new TerminalLog(writer, TimeProvider.System, format) { MinimumLevel = LogLevel.Trace };
        act(log);
        return writer.ToString();
    }
}
