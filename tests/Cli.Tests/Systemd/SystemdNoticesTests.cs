using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging.Abstractions;
using PgAutoFailover.Cli.Commands;
using PgAutoFailover.Cli.Systemd;
using PgAutoFailover.Harness.Processes;
using Shouldly;

namespace PgAutoFailover.Cli.Tests.Systemd;

public sealed class SystemdNoticesTests : IDisposable
{
    private static readonly TimeSpan s_watchdog = TimeSpan.FromMilliseconds(200);

    private readonly TemporaryDirectory _directory = new();
    private readonly CancellationTokenSource _stop = new();
    private volatile string? _status;
    private volatile bool _moves = true;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Address => Path.Join(_directory.Path, "notify");

    [Fact]
    public async Task It_is_told_of_a_whole_life_in_order()
    {
        await using var manager = new NotifyListener(Address);
        using var service = Manager(Address, watchdog: null);
        service.TellReloading();
        service.TellReloaded();
        var telling = RunAsync(service);
        _status = "secondary, monitor reachable";
        await manager.UntilAsync("that it serves", heard => heard.Count == 1, Token);
        _status = "primary, monitor reachable";
        await manager.UntilAsync("a new status", heard => heard.Count == 2, Token);
        service.TellReloading();
        service.TellReloaded();
        service.TellStopping();
        service.TellStopping();
        service.TellReloaded();
        _status = "too late";
        var stop = new TaskCompletionSource();
        var waiting = service.HaveItWaitAsync(stop.Task);
        await manager.UntilAsync("that it takes longer", h => h.Count == 6, Token);
        var heard = manager.Heard;
        stop.SetResult();
        await waiting;
        await EndAsync(telling);

        heard[0].ShouldBe("READY=1\nSTATUS=secondary, monitor reachable");
        heard[1].ShouldBe("STATUS=primary, monitor reachable");
        heard[2].ShouldStartWith("RELOADING=1\nMONOTONIC_USEC=");
        heard[3].ShouldBe("READY=1");
        heard[4].ShouldBe("STOPPING=1\nSTATUS=stopping");
        heard[5].ShouldBe("EXTEND_TIMEOUT_USEC=30000000");
        manager.Heard.Count.ShouldBe(6);

        // CLOCK_MONOTONIC, as the manager reads it.
        var uptime = double.Parse((await File.ReadAllTextAsync("/proc/uptime", Token)).Split(' ')[0], CultureInfo.InvariantCulture);
        (double.Parse(heard[2].Split('=')[2], CultureInfo.InvariantCulture) / 1e6).ShouldBeInRange(uptime - 60, uptime + 1);
    }

    [Fact]
    public async Task The_watchdog_is_fed_only_while_something_moves()
    {
        await using var manager = new NotifyListener(Address);
        using var service = Manager(Address, s_watchdog);
        var telling = RunAsync(service);
        await Task.Delay(2 * s_watchdog, TimeProvider.System, Token);
        manager.Heard.ShouldBeEmpty("nobody is to watch over a service that has not begun to serve");
        _status = "primary";
        await manager.UntilAsync("beats", _ => manager.Beats >= 8, Token);
        _moves = false;
        await Task.Delay(s_watchdog, TimeProvider.System, Token);
        var beats = manager.Beats;
        await Task.Delay(3 * s_watchdog, TimeProvider.System, Token);
        manager.Beats.ShouldBe(beats);
        _moves = true;
        await manager.UntilAsync("beats again", _ => manager.Beats > beats, Token);
        await EndAsync(telling);
    }

    [Fact]
    public async Task It_may_listen_in_the_abstract_namespace()
    {
        var address = $"@pg_autoctl-test-{Environment.ProcessId}";
        await using var manager = new NotifyListener(address);
        using var service = Manager(address, watchdog: null);
        _status = "primary";
        var telling = RunAsync(service);
        await manager.UntilAsync("that it serves", heard => heard is ["READY=1\nSTATUS=primary"], Token);
        await EndAsync(telling);
    }

    [Fact]
    public async Task Without_a_manager_or_with_one_that_is_gone_nothing_happens()
    {
        using var alone = Manager(address: null, s_watchdog);
        using var lost = Manager(Address, s_watchdog);
        _status = "primary";
        await RunAsync(alone);
        alone.TellStopping();
        await alone.HaveItWaitAsync(Task.CompletedTask);
        lost.TellStopping();
        await lost.HaveItWaitAsync(Task.CompletedTask);
        NotifySocket.Open("vsock:2:1", NullLogger.Instance).ShouldBeNull();
    }

    [Theory]
    [InlineData(null, true)]
    [InlineData("own", true)]
    [InlineData("1", false)]
    public async Task Its_variables_are_taken_out_of_the_environment_and_another_process_watchdog_is_not_fed(string? watchdogPid, bool isFed)
    {
        await using var manager = new NotifyListener(Address);
        var terminal = new FakeTerminal();
        terminal.Variables["NOTIFY_SOCKET"] = Address;
        terminal.Variables["WATCHDOG_USEC"] = "200000";
        if (watchdogPid is not null)
        {
            terminal.Variables["WATCHDOG_PID"] = watchdogPid == "own" ? Environment.ProcessId.ToString(CultureInfo.InvariantCulture) : watchdogPid;
        }

        Environment.SetEnvironmentVariable("NOTIFY_SOCKET", Address);
        using var service = SystemdNotices.FromEnvironment(terminal.Context);
        Environment.GetEnvironmentVariable("NOTIFY_SOCKET").ShouldBeNull();
        (_status, var telling) = ("primary", RunAsync(service));
        _status = "other";
        await manager.UntilAsync("the status", heard => heard.Any(h => h.EndsWith("STATUS=other", StringComparison.Ordinal)), Token);
        await Task.Delay(2 * s_watchdog, TimeProvider.System, Token);
        (manager.Beats > 0).ShouldBe(isFed);
        await EndAsync(telling);
    }

    [Fact]
    public void The_unit_that_is_shown_is_kept_alive_as_the_one_of_the_package_is()
    {
        var shown = Settings(ShowSystemdCommand.Unit("/srv/node1", "/home/me", "me", "/opt/pg_autoctl"));
        var packaged = Settings(ReadPackagedUnit());

        // Where and as whom it runs is the reader's; after which ends it is started again was 2.0's.
        string[] own = ["Description", "Documentation", "After", "Wants", "User", "ExecStart", "ExecReload", "Restart", "RestartSec", "RestartPreventExitStatus", "StartLimitIntervalSec"];
        packaged.Where(s => !own.Contains(s.Split('=')[0]) && s != "Environment=PGDATA=%f").ShouldBeSubsetOf(shown);
        shown.ShouldContain("Environment=PGDATA=/srv/node1");
        shown.ShouldContain("WorkingDirectory=/home/me");
        shown.ShouldContain("User=me");
        shown.ShouldContain("ExecStart=/opt/pg_autoctl run");
        shown.ShouldContain("ExecReload=/opt/pg_autoctl reload");
    }

    [Fact]
    public void Its_own_tool_has_nothing_to_say_against_our_units()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/systemd-analyze"), "systemd-analyze is not installed");
        var unit = Path.Join(_directory.Path, "pgautofailover.service");
        File.WriteAllText(unit, ShowSystemdCommand.Unit("/srv/node1", "/tmp", "root", "/bin/true"));
        using var verify = Process.Start(new ProcessStartInfo("/usr/bin/systemd-analyze", ["verify", unit])
        {
            UseShellExecute = false,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        })!; // it was there
        var said = verify.StandardError.ReadToEnd() + verify.StandardOutput.ReadToEnd();
        verify.WaitForExit();
        said.ShouldBeEmpty();
        verify.ExitCode.ShouldBe(0);
    }

    public void Dispose()
    {
        _stop.Dispose();
        _directory.Dispose();
    }

    // Without quotes and the blanks around "=", which mean nothing there.
    private static List<string> Settings(string unit) =>
        [.. unit.Split('\n').Where(l => l.Contains('=') && l[0] != '#').Select(l => l.Replace(" = ", "=", StringComparison.Ordinal).Trim().Replace("'", "").Replace("\"", ""))];

    private static string ReadPackagedUnit([CallerFilePath] string here = "") =>
        File.ReadAllText(Path.Join(Path.GetDirectoryName(here), "..", "..", "..", "packaging", "pgautofailover@.service"));

    private static SystemdNotices Manager(string? address, TimeSpan? watchdog) =>
        new(NotifySocket.Open(address, NullLogger.Instance), watchdog, TimeProvider.System);

    private Task RunAsync(SystemdNotices service) => service.RunAsync(() => _status, (_, _) => Task.FromResult(_moves), _stop.Token);

    private async Task EndAsync(Task telling)
    {
        await _stop.CancelAsync();
        await telling;
    }
}
