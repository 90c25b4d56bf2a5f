using System.Diagnostics;
using Shouldly;

namespace PgAutoFailover.Cli.Tests.Services;

public sealed class IgnoredSignalsTests
{
    [Theory]
    [InlineData("INT QUIT", "QUIT")]
    [InlineData("HUP", "HUP")]
    public async Task A_service_hears_the_signals_that_a_script_or_nohup_had_it_ignore(string ignored, string sent)
    {
        using var folder = new TemporaryDirectory();
        var program = Path.Join(AppContext.BaseDirectory, "pg_autoctl");
        string[] create =
        [
            "create", "postgres", "--disable-monitor", "--node-id", "1", "--name", "a", "--hostname", "127.0.0.1", "--pgport", "6999", "--auth", "trust", "--no-ssl",
            "--pgdata", Path.Join(folder.Path, "node"), "--run",
        ];
        var start = new ProcessStartInfo("bash", ["-c", $"trap '' {ignored}; exec \"$@\"", "bash", program, .. create]) { RedirectStandardError = true, UseShellExecute = false };
        start.Environment["HOME"] = folder.Path;
        start.Environment["XDG_RUNTIME_DIR"] = folder.Path;
        using var service = Process.Start(start).ShouldNotBeNull();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(60));
        try
        {
            (await ReadUntilAsync(service.StandardError, "is running", limit.Token)).ShouldNotBeNull();
            using var kill = Process.Start("kill", [$"-{sent}", $"{service.Id}"]);
            (await ReadUntilAsync(service.StandardError, $"Received SIG{sent}", limit.Token)).ShouldNotBeNull();
            using var stop = Process.Start("kill", ["-TERM", $"{service.Id}"]);
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
