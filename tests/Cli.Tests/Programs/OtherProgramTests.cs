using System.ComponentModel;
using PgAutoFailover.Cli.Programs;
using Shouldly;

namespace PgAutoFailover.Cli.Tests.Programs;

public sealed class OtherProgramTests
{
    [Fact]
    public async Task One_that_does_not_end_is_ended_when_nobody_waits_any_more()
    {
        var mark = Path.GetTempFileName();
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
            var running = new OtherProgram("/bin/sh").RunAsync(["-c", "echo $$ > \"$0\"; exec sleep 600", mark], limit.Token);
            string text;
            while ((text = await File.ReadAllTextAsync(mark, TestContext.Current.CancellationToken)).Length == 0)
            {
                await Task.Delay(5, TestContext.Current.CancellationToken);
            }

            await limit.CancelAsync();
            await Should.ThrowAsync<OperationCanceledException>(() => running);
            while (Directory.Exists($"/proc/{text.Trim()}"))
            {
                await Task.Delay(5, TestContext.Current.CancellationToken);
            }
        }
        finally
        {
            File.Delete(mark);
        }
    }

    [Fact]
    public async Task One_that_cannot_be_run_says_so() =>
        await Should.ThrowAsync<Win32Exception>(() => new OtherProgram("/etc/hostname").RunAsync([], TestContext.Current.CancellationToken));
}
