using PgAutoFailover.EndToEnd.Pairs;
using PgAutoFailover.Harness.Clusters;
using PgAutoFailover.Harness.Processes;

namespace PgAutoFailover.EndToEnd.Operations;

/// <summary><c>pg_autoctl watch</c> in a terminal.</summary>
[Collection(nameof(DefaultPair))]
public sealed class WatchTests(DefaultPair pair) : ClusterTest(pair)
{
    private const string Event = @"^ +\d\d:\d\d:\d\d +\d+  \S";
    private const string Shell = "0 1 0";

    [Theory]
    [InlineData("watch")]
    [InlineData("show state --watch")]
    [InlineData("show events --watch")]
    public async Task It_shows_the_formation_and_its_events_in_any_window(string command)
    {
        await using TerminalWindow window = await OpenAsync(80, 24);
        await StartAsync(window, command);
        string[] lines = await window.UntilAsync("both nodes", ShowsPair, Token);
        lines[0].ShouldStartWith("Formation: default - Sync Standbys: 0 ");
        lines[0].ShouldMatch(@" \d\d:\d\d:\d\d$");
        lines[2].Split(' ', StringSplitOptions.RemoveEmptyEntries).ShouldBe(
            ["Name", "Id", "Report", "TLI:", "LSN", "Connection", "Reported", "State", "Assigned", "State"]);
        lines[6].ShouldStartWith("Event Time   Node  Comment");
        lines[^1].ShouldMatch(Event);
        string newest = lines[^1][19..40];

        await window.ResizeAsync(140, 40, Token);
        lines = await window.UntilAsync("the address", l => HasTitle(l, "Host:Port"), Token);
        lines[2].ShouldContain("Last Report  Last Check");
        TestNode any = Cluster.Nodes[0];
        lines[3..5].Single(l => l.StartsWith($"{any.Name} ", StringComparison.Ordinal)).ShouldContain($"{any.Host.Address}:{any.Port} ");

        // Others may have come after it.
        lines.ShouldContain(l => l.Contains(newest, StringComparison.Ordinal));

        await window.ResizeAsync(45, 9, Token);
        lines = await window.UntilAsync("two columns less", l => HasTitle(l, "Name Id    Reported"), Token);
        lines.Length.ShouldBeLessThanOrEqualTo(9);
        lines[^1].ShouldMatch(Event);

        await window.ResizeAsync(10, 3, Token);
        await window.UntilAsync("a part of the header", l => l.Length <= 3 && HasTitle(l, "Name"), Token);
        await window.PressAsync("q", Token);
        (await window.EndAsync(Token)).ShouldBe("0");
    }

    [Theory]
    [InlineData("q", null)]
    [InlineData("F1", null)]
    [InlineData("C-c", null)]
    [InlineData(null, "TERM")]
    [InlineData(null, "INT")]
    [InlineData(null, "HUP")]
    public async Task However_it_ends_the_terminal_is_as_it_was(string? key, string? signal)
    {
        await using TerminalWindow window = await OpenAsync(80, 24);
        await window.TypeAsync("echo what was here before", Token);

        // What is typed meanwhile would be echoed between.
        await window.UntilAsync("what the shell says", l => l.Contains("what was here before"), Token);
        string before = await window.RunAsync("stty -a", Token);
        await StartAsync(window, "watch");
        await window.UntilAsync("both nodes", ShowsPair, Token);
        (await window.ModesAsync(Token)).ShouldStartWith("1 0 ");
        await (key is null ? window.SignalAsync(signal!, Token) : window.PressAsync(key, Token)); // one of the two is given
        (await window.EndAsync(Token)).ShouldBe("0");
        (await window.RunAsync("stty -a", Token)).ShouldBe(before);
        (await window.ModesAsync(Token)).ShouldBe(Shell);
        string screen = await window.ReadAsync(Token);
        screen.ShouldContain("\nwhat was here before\n");
        screen.ShouldNotContain("Formation:");
    }

    [Fact]
    public async Task Keys_select_a_node_and_scroll_through_the_events()
    {
        await using TerminalWindow window = await OpenAsync(80, 12);
        await StartAsync(window, "watch");
        string[] first = await window.UntilAsync("both nodes", ShowsPair, Token);
        await window.PressAsync("Up Home", Token);
        string[] lines = await window.UntilAsync("the oldest event", l => l.Length > 6 && l[6].Contains("(1-5 of ", StringComparison.Ordinal), Token);
        lines[^1].ShouldNotBe(first[^1]);
        await window.PressAsync("NPage", Token);
        await window.UntilAsync("a page of events further", l => l.Length > 6 && l[6].Contains("(2-6 of ", StringComparison.Ordinal), Token);
        await window.PressAsync("Right", Token);
        await window.UntilAsync("the comments further left", l => l[^1][19..].TrimEnd() != lines[^1][19..].TrimEnd(), Token);
        await window.PressAsync("Left End", Token);
        lines = await window.UntilAsync("the newest event", l => l.Length > 6 && l[6].EndsWith("Comment", StringComparison.Ordinal), Token);
        lines[^1].ShouldBe(first[^1]);
        await window.PressAsync("q", Token);
        (await window.EndAsync(Token)).ShouldBe("0");
    }

    [Fact]
    public async Task It_goes_on_while_the_monitor_is_away_and_follows_what_happens_afterwards()
    {
        TestNode old = Cluster.Primary, other = Cluster.OtherThan(old);
        await using TerminalWindow window = await OpenAsync(100, 24, other);
        await StartAsync(window, "watch");
        await window.UntilAsync("both nodes", ShowsPair, Token);

        await Cluster.Monitor.KillEverythingAsync(Token);
        string[] lines = await window.UntilAsync("that the monitor is away", l => l.Length > 1 && l[1].Contains("No answer from the monitor for ", StringComparison.Ordinal), Token);
        ShowsPair(lines).ShouldBeTrue();
        Cluster.Monitor.Run();
        await window.UntilAsync("that the monitor is back", l => l.Length > 1 && l[1].StartsWith("q or F1: quit", StringComparison.Ordinal), Token);

        await Cluster.UntilSteadyAsync(Token);
        CommandResult result;
        do
        {
            // Its tables can be read before its service decides.
            result = await Cluster.Monitor.AutoctlAsync(["perform", "switchover"], Token);
        }
        while (result.ExitCode == ExitCodes.MonitorError);
        result.Succeeded();
        await window.UntilAsync("the new primary", l => l.Any(x => x.Contains(other.Name, StringComparison.Ordinal) && x.EndsWith(" primary", StringComparison.Ordinal)), Token);
        await window.PressAsync("q", Token);
        (await window.EndAsync(Token)).ShouldBe("0");
        await ShouldBeWholeAgainAsync();
    }

    [Fact]
    public async Task A_monitor_that_hangs_is_said_to_and_does_not_hold_up_the_end()
    {
        await using TerminalWindow window = await OpenAsync(100, 24);
        string before = await window.RunAsync("stty -a", Token);
        await StartAsync(window, "watch");
        await window.UntilAsync("both nodes", ShowsPair, Token);
        Cluster.Monitor.Freeze();
        try
        {
            await window.UntilAsync("that the monitor is silent", l => l.Length > 1 && l[1].Contains("No answer from the monitor for ", StringComparison.Ordinal), Token);
            await window.SignalAsync("TERM", Token);
            await window.UntilAsync("the shell", l => !l[0].StartsWith("Formation:", StringComparison.Ordinal), Token);
            (await window.EndAsync(Token)).ShouldBe("0");
            (await window.RunAsync("stty -a", Token)).ShouldBe(before);
        }
        finally
        {
            Cluster.Monitor.Thaw();
        }

        await ShouldBeWholeAgainAsync();
    }

    [Fact]
    public async Task What_it_cannot_show_is_an_error_in_an_unharmed_terminal()
    {
        (await Cluster.Monitor.AutoctlAsync(["watch"], Token)).ExitCode.ShouldBe(ExitCodes.BadArguments);

        await using TerminalWindow window = await OpenAsync(80, 24);
        string before = await window.RunAsync("stty -a", Token);
        await StartAsync(window, "watch --formation nowhere");
        (await window.EndAsync(Token)).ShouldBe("1");
        (await window.ReadAsync(Token)).ShouldContain("Formation \"nowhere\" does not exist");
        await window.StartAsync($"{Harness.Binaries.PgAutoctl} watch --monitor postgres://autoctl_node@localhost:1/pg_auto_failover", Token);
        (await window.EndAsync(Token)).ShouldBe("6");
        await window.StartAsync($"{Harness.Binaries.PgAutoctl} watch --pgdata {Cluster.Monitor.DataDirectory} </dev/null", Token);
        (await window.EndAsync(Token)).ShouldBe("1");
        (await window.RunAsync("stty -a", Token)).ShouldBe(before);
        (await window.ModesAsync(Token)).ShouldStartWith("0 1 ");
    }

    private Task<TerminalWindow> OpenAsync(int columns, int rows, TestNode? host = null) =>
        TerminalWindow.OpenAsync(Cluster, host ?? Cluster.Monitor, columns, rows, Token);

    private Task StartAsync(TerminalWindow window, string command) =>
        window.StartAsync($"{Harness.Binaries.PgAutoctl} {command} --pgdata {Cluster.Monitor.DataDirectory}", Token);

    private static bool HasTitle(string[] lines, string text) => lines.Length > 2 && lines[2].Contains(text, StringComparison.Ordinal);

    private bool ShowsPair(string[] lines) =>
        lines.Length > 5 && Cluster.Nodes.All(n => lines[3..5].Any(l => l.Contains(n.Name + " ", StringComparison.Ordinal)));
}
