using System.Diagnostics;
using Shouldly;

namespace PgAutoFailover.Cli.Tests.Output;

/// <summary>The program on a terminal, and what it leaves there.</summary>
public sealed class StandardStreamTests
{
    private static readonly string s_program = Path.Join(AppContext.BaseDirectory, "pg_autoctl");

    [Theory]
    [InlineData("version", "pg_autoctl version ", 0)]
    [InlineData("show state --monitor postgres://u@127.0.0.1:1/d", "Failed to connect", 6)]
    public async Task The_keys_of_a_terminal_stay_as_they_are(string command, string expected, int exitCode)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/script"), "script, which makes a terminal, is not installed");

        var (output, code) = await RunAsync("/usr/bin/script", ["-qec", $"{s_program} {command}", "/dev/null"]);

        output.ShouldContain(expected);
        output.ShouldNotContain("\u001b[?1h"); // the cursor keys of an application
        output.ShouldNotContain("\u001b="); // its keypad
        code.ShouldBe(exitCode);
    }

    [Fact]
    public async Task A_reader_that_has_read_enough_is_no_failure()
    {
        var (output, code) = await RunAsync("/bin/bash", ["-c", $"set -o pipefail; (sleep 1; exec {s_program} help) | true; echo \"ended with $?\""]);

        output.ShouldBe("ended with 0\n");
        code.ShouldBe(0);
    }

    [Fact]
    public async Task Two_that_write_into_one_file_write_behind_each_other()
    {
        using var folder = new TemporaryDirectory();
        var file = Path.Join(folder.Path, "log");

        await RunAsync("/bin/bash", ["-c", $"(echo first; {s_program} version; echo last) >{file} 2>&1"]);

        var lines = await File.ReadAllLinesAsync(file, TestContext.Current.CancellationToken);
        lines[0].ShouldBe("first");
        lines[1].ShouldStartWith("pg_autoctl version ");
        lines[^1].ShouldBe("last");
    }

    private static async Task<(string Output, int ExitCode)> RunAsync(string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, UseShellExecute = false };
        start.Environment["TERM"] = "xterm-256color";
        start.Environment["PGCONNECT_TIMEOUT"] = "0";
        using var process = Process.Start(start).ShouldNotBeNull();
        process.StandardInput.Close();
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (output, process.ExitCode);
    }
}
