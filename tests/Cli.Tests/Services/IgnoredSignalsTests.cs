using System.Diagnostics;
using Shouldly;

namespace PgAutoFailover.Cli.Tests.Services;

public sealed class IgnoredSignalsTests
{
    [Fact]
    public async Task A_service_that_a_script_has_put_into_the_background_hears_its_signals()
    {
        using var folder = new TemporaryDirectory();
        var program = Path.Join(AppContext.BaseDirectory, "pg_autoctl");
        string[] create =
        [
            "create", "postgres", "--disable-monitor", "--node-id", "1", "--name", "a", "--hostname", "127.0.0.1", "--pgport", "6999", "--auth", "trust", "--no-ssl",
            "--pgdata", Path.Join(folder.Path, "node"), "--run",
        ];
        var start = new ProcessStartInfo("bash", ["-c", "trap '' INT QUIT; exec \"$@\"", "bash", program, .. create]) { RedirectStandardError = true, UseShellExecute = false };
        start.Environment["HOME"] = folder.Path;
        start.Environment["XDG_RUNTIME_DIR"] = folder.Path;
        using var service = Process.Start(start).ShouldNotBeNull();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(60));
        try
        {
            (await ReadUntilAsync(service.StandardError, "is running", limit.Token)).ShouldNotBeNull();
            using var kill = Process.Start("kill", ["-QUIT", $"{service.Id}"]);
            (await ReadUntilAsync(service.StandardError, "Received SIGQUIT", limit.Token)).ShouldNotBeNull();
            await service.StandardError.ReadToEndAsync(limit.Token);
            await service.WaitForExitAsync(limit.Token);
            service.ExitCode.ShouldBe(0);
        }
        finally
        {
            service.Kill();
        }
    }

    private static async Task<string?> ReadUntilAsync(StreamReader reader, string text, CancellationToken cancellationToken)
    {
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
        {
            if (line.Contains(text, StringComparison.Ordinal))
            {
                return line;
            }
        }

        return null;
    }
}
