using PgAutoFailover.Cli.CommandLine;
using Shouldly;

namespace PgAutoFailover.Cli.Tests.Watch;

/// <summary>Where there is no terminal: the test runner has none on stdin.</summary>
public sealed class WatchCommandTests
{
    [Theory]
    [InlineData("watch")]
    [InlineData("show state --watch")]
    [InlineData("show events --watch")]
    public async Task Without_a_terminal_it_is_refused_before_anything_else(string words)
    {
        Assert.SkipUnless(Console.IsInputRedirected || Console.IsOutputRedirected, "this runs in a terminal");
        var terminal = new FakeTerminal();

        var code = await terminal.RunAsync([.. words.Split(' '), "--monitor", "postgres://autoctl_node@localhost:1/pg_auto_failover"]);

        code.ShouldBe(ExitCode.BadArguments);
        terminal.Error.ShouldContain("needs a terminal");
        terminal.Output.ShouldBeEmpty();
    }

    [Fact]
    public async Task Local_files_are_not_followed()
    {
        var terminal = new FakeTerminal();

        (await terminal.RunAsync("show", "state", "--local", "--watch")).ShouldBe(ExitCode.BadArguments);
        terminal.Error.ShouldContain("--local and --watch exclude each other");
    }
}
