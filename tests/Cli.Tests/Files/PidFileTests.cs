using System.Diagnostics;
using System.Globalization;
using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Files;
using PgAutoFailover.Core.Vocabulary;
using Shouldly;

namespace PgAutoFailover.Cli.Tests.Files;

public sealed class PidFileTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private string FilePath => Path.Join(_directory.Path, "run/pg_autoctl.pid");

    [Fact]
    public void It_names_the_process_the_directory_the_versions_and_the_services()
    {
        PidFile.Create(FilePath, "/srv/node1", ["postgres", "node-active"], out var removed);

        var pid = Environment.ProcessId;
        removed.ShouldBeNull();
        File.ReadAllLines(FilePath).ShouldBe([$"{pid}", "/srv/node1", ProgramVersion.Text, "2.0", "0", $"{pid} postgres", $"{pid} node-active"]);
        PidFile.Read(FilePath)!.Services.ShouldBe([("postgres", pid), ("node-active", pid)]);
        PidFile.IsOurs(FilePath).ShouldBeTrue();
    }

    [Fact]
    public void One_whose_process_is_gone_or_is_another_program_is_taken_over()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(FilePath)!);
        File.WriteAllText(FilePath, "1\n/srv/node1\n0.1\n2.0\n0\n");

        PidFile.Create(FilePath, "/srv/node1", [], out var removed);

        removed.ShouldBe(1);
        PidFile.IsOurs(FilePath).ShouldBeTrue();
    }

    [Theory]
    [InlineData("run", "--pgdata", "/srv/node1")]
    [InlineData("run", "--pgd=/srv/node1")]
    [InlineData("-v", "run", "-vD/srv/node1/")]
    [InlineData("create", "postgres", "--hostname", "x", "-D", "../../srv/node1")]
    [InlineData("run", "-nxD", "/srv/node2")]
    [InlineData("run")]
    public async Task One_of_a_running_pg_autoctl_is_respected(params string[] words)
    {
        using var other = await StartAsync("/srv/node1", words);
        Write(other.Id);

        var failure = Should.Throw<CommandFailure>(() => PidFile.Create(FilePath, "/srv/node1", [], out _));

        failure.ExitCode.ShouldBe(ExitCode.BadState);
        failure.Message.ShouldContain($"{other.Id}");
        PidFile.IsOurs(FilePath).ShouldBeFalse();
        await EndAsync(other);
    }

    [Theory]
    [InlineData("run", "--pgdata", "/srv/node2")]
    [InlineData("run", "-D", "node1")]
    [InlineData("create", "monitor", "--pgdata=/srv/node2", "--run")]
    [InlineData("run")]
    [InlineData("watch", "--pgdata", "/srv/node1")]
    public async Task One_whose_number_is_another_node_s_or_a_command_s_now_is_taken_over_and_never_signalled(params string[] words)
    {
        using var other = await StartAsync("/srv/node2", words);
        Write(other.Id);

        PidFile.ReadLive(FilePath).ShouldBeNull();
        PidFile.Create(FilePath, "/srv/node1", [], out var removed);

        removed.ShouldBe(other.Id);
        PidFile.IsOurs(FilePath).ShouldBeTrue();
        await EndAsync(other);
    }

    [Fact]
    public async Task One_whose_number_is_a_thread_s_now_is_taken_over()
    {
        // A program of that name with threads: this one, which waits.
        var program = Path.Join(_directory.Path, "pg_autoctl");
        File.CreateSymbolicLink(program, Environment.ProcessPath!); // it was started from a file
        using var other = Process.Start(new ProcessStartInfo(program, ["-waitForDebugger", "-method", "run"]) { UseShellExecute = false, RedirectStandardOutput = true })!; // never null without the shell
        try
        {
            await other.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken); // it lives
            var thread = Directory.EnumerateDirectories($"/proc/{other.Id}/task").Select(d => int.Parse(Path.GetFileName(d), CultureInfo.InvariantCulture)).Max();
            thread.ShouldNotBe(other.Id);
            Directory.CreateDirectory(Path.GetDirectoryName(FilePath)!);
            File.WriteAllText(FilePath, $"{thread}\n/srv/node1\n0.1\n2.0\n0\n");

            PidFile.Create(FilePath, "/srv/node1", [], out var removed);

            removed.ShouldBe(thread);
        }
        finally
        {
            other.Kill();
            await other.WaitForExitAsync(CancellationToken.None);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("x\ny\nz\nv\n")]
    [InlineData("-5\n/d\n1\n2\n")]
    [InlineData("12")]
    public void Rubbish_is_no_pidfile(string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(FilePath)!);
        File.WriteAllText(FilePath, text);

        PidFile.Read(FilePath).ShouldBeNull();
    }

    public void Dispose() => _directory.Dispose();

    private void Write(int pid)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(FilePath)!);
        File.WriteAllText(FilePath, $"{pid}\n/srv/node1\n0.1\n2.0\n0\n");
    }

    // A program of that name which does nothing but live: what counts is what /proc says of it.
    private async Task<Process> StartAsync(string pgdata, string[] words)
    {
        var program = Path.Join(_directory.Path, "pg_autoctl");
        File.WriteAllText(program, "#!/bin/sh\necho it lives\nread end\n");
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var start = new ProcessStartInfo(program, words) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, WorkingDirectory = "/usr/lib" };
        start.Environment["PGDATA"] = pgdata;
        var process = Process.Start(start)!; // never null without the shell
        await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
        return process;
    }

    private static async Task EndAsync(Process process)
    {
        process.StandardInput.Close();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
    }
}
