using PgAutoFailover.EndToEnd.Pairs;
using PgAutoFailover.Harness.Clusters;
using PgAutoFailover.Harness.Processes;

namespace PgAutoFailover.EndToEnd.Input;

[Collection(nameof(DefaultPair))]
public sealed class DamagedFileTests(DefaultPair pair) : ClusterTest(pair)
{
    [Fact]
    public async Task A_truncated_configuration_is_refused_and_left_alone()
    {
        // Half of the file ends in the middle of a line or lacks keys that must be there.
        await RunWithDamagedFileAsync("--config", text => text[..(text.Length / 8)], ExitCodes.BadConfiguration);
    }

    [Fact]
    public async Task A_configuration_that_is_no_configuration_is_refused_and_left_alone()
    {
        await RunWithDamagedFileAsync("--config", _ => "\u0001\u0002 this is not a configuration", ExitCodes.BadConfiguration);
    }

    [Fact]
    public async Task A_truncated_state_file_is_refused_and_left_alone()
    {
        await RunWithDamagedFileAsync("--state", text => text[..(text.Length / 2)], ExitCodes.BadState);
    }

    [Fact]
    public async Task An_empty_state_file_is_refused_and_left_alone()
    {
        await RunWithDamagedFileAsync("--state", _ => "", ExitCodes.BadState);
    }

    [Theory]
    [InlineData("--config", ExitCodes.BadConfiguration)]
    [InlineData("--state", ExitCodes.BadState)]
    public async Task A_file_that_may_not_be_read_is_refused(string which, int code)
    {
        TestNode node = Cluster.Secondary;
        string file = await PathOfAsync(node, which);
        await node.KillEverythingAsync(Token);
        UnixFileMode mode = File.GetUnixFileMode(file);
        File.SetUnixFileMode(file, UnixFileMode.None);
        try
        {
            ShouldBeOneError(await node.AutoctlAsync(["run"], Token), code);
        }
        finally
        {
            File.SetUnixFileMode(file, mode);
        }

        node.Run();
        await ShouldBeWholeAgainAsync();
    }

    private async Task RunWithDamagedFileAsync(string which, Func<string, string> damage, int code)
    {
        TestNode node = Cluster.Secondary;
        string file = await PathOfAsync(node, which);
        await node.KillEverythingAsync(Token);
        byte[] sound = await File.ReadAllBytesAsync(file, Token);
        string damaged = damage(System.Text.Encoding.Latin1.GetString(sound));
        await WriteAsync(file, System.Text.Encoding.Latin1.GetBytes(damaged));
        try
        {
            ShouldBeOneError(await node.AutoctlAsync(["run"], Token), code);
            System.Text.Encoding.Latin1.GetString(await File.ReadAllBytesAsync(file, Token)).ShouldBe(damaged);
            node.PostmasterPid.ShouldBeNull();
        }
        finally
        {
            await WriteAsync(file, sound);
        }

        node.Run();
        await ShouldBeWholeAgainAsync();
    }

    private static async Task<string> PathOfAsync(TestNode node, string which)
    {
        CommandResult result = await node.AutoctlAsync(["show", "file", which], Token);
        return result.Succeeded().Output.Trim();
    }

    private static Task WriteAsync(string file, byte[] content) => File.WriteAllBytesAsync(file, content, Token);

    private static void ShouldBeOneError(CommandResult result, int code)
    {
        result.ExitCode.ShouldBe(code, result.Output + result.Error);
        result.Error.ShouldNotBeNullOrWhiteSpace();
        result.Error.ShouldNotContain("   at ");
    }
}
