using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Demo;
using Shouldly;

namespace PgAutoFailover.Cli.Tests.Demo;

public sealed class DemoCommandTests
{
    private readonly FakeTerminal _terminal = new();

    public DemoCommandTests()
    {
        _terminal.Variables["PG_AUTOCTL_DEBUG"] = "1";
        _terminal.Variables["PGCONNECT_TIMEOUT"] = "0";
        _terminal.Variables["PG_AUTOCTL_MONITOR"] = "postgres://autoctl_node@127.0.0.1:1/pg_auto_failover";
    }

    [Theory]
    [InlineData("--clients", "0")]
    [InlineData("--clients", "129")]
    [InlineData("--duration", "0")]
    [InlineData("--duration", "long")]
    [InlineData("--first-failover", "0")]
    [InlineData("--failover-freq", "0")]
    public async Task A_number_that_cannot_be_is_refused(string option, string value)
    {
        (await _terminal.RunAsync("do", "demo", "run", option, value)).ShouldBe(ExitCode.BadArguments);

        _terminal.Error.ShouldContain(option);
    }

    [Theory]
    [InlineData("PG_AUTOCTL_DEMO_CLIENTS", "129")]
    [InlineData("PG_AUTOCTL_DEMO_DURATION", "-1")]
    [InlineData("PG_AUTOCTL_DEMO_FAILOVER_FIRST", "0")]
    [InlineData("PG_AUTOCTL_DEMO_FAILOVER_FREQ", "soon")]
    public async Task A_variable_that_cannot_be_is_refused(string variable, string value)
    {
        _terminal.Variables[variable] = value;

        (await _terminal.RunAsync("do", "demo", "run")).ShouldBe(ExitCode.BadArguments);

        _terminal.Error.ShouldContain(variable);
    }

    [Theory]
    [InlineData("run")]
    [InlineData("uri")]
    [InlineData("ping")]
    [InlineData("summary")]
    public async Task A_monitor_that_does_not_answer_is_one_error(string command)
    {
        (await _terminal.RunAsync("do", "demo", command)).ShouldBe(ExitCode.Monitor);

        _terminal.Output.ShouldBeEmpty();
        _terminal.Error.Split('\n').Count(l => l.Contains(" ERROR ", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Fact]
    public void Variables_stand_for_options_and_options_win()
    {
        _terminal.Variables["PG_AUTOCTL_DEMO_CLIENTS"] = "7";
        _terminal.Variables["PG_AUTOCTL_DEMO_FAILOVER_FREQ"] = "9";

        Read().ShouldBe(new DemoSettings(7, TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(9)));
        Read("--clients=2").Clients.ShouldBe(2);
        Read("--no-failover").FirstFailover.ShouldBeNull();
    }

    private DemoSettings Read(params string[] arguments)
    {
        var command = new System.CommandLine.Command("run");
        var options = new DemoOptions(command, asksForFailovers: true);
        return options.Settings(command.Parse(arguments), _terminal.Context);
    }
}
