using System.Diagnostics;
using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Configuration;
using PgAutoFailover.Cli.Services;
using Shouldly;

namespace PgAutoFailover.Cli.Tests.Services;

public sealed class RestartRequestTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private ConfigPaths Paths => new("/srv/node1", _directory.Path, _directory.Path, _directory.Path);

    [Fact]
    public void It_is_there_until_it_is_done()
    {
        RestartRequest.Find(Paths).ShouldBeNull();
        RestartRequest.Ask(Paths, "node-active");
        RestartRequest.Find(Paths).ShouldBe("node-active");
        RestartRequest.Remove(Paths);
        RestartRequest.Find(Paths).ShouldBeNull();
    }

    [Fact]
    public void One_command_waits_at_a_time_and_one_that_is_gone_does_not_count()
    {
        var file = Path.Join(_directory.Path, "pg_autoctl.restart");
        using var other = Process.Start("/bin/sleep", ["600"]);
        File.WriteAllText(file, $"{other.Id}\nlistener\n");

        Should.Throw<CommandFailure>(() => RestartRequest.Ask(Paths, "node-active")).ExitCode.ShouldBe(ExitCode.BadState);
        RestartRequest.Find(Paths).ShouldBe("listener");

        other.Kill();
        other.WaitForExit();
        RestartRequest.Ask(Paths, "node-active");
        RestartRequest.Find(Paths).ShouldBe("node-active");
    }

    public void Dispose() => _directory.Dispose();
}
