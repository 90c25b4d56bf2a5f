using PgAutoFailover.Cli.Configuration;
using PgAutoFailover.Cli.Files;
using Shouldly;

namespace PgAutoFailover.Cli.Tests.Files;

public sealed class NodeRemovalTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly FakeTerminal _terminal = new();

    [Fact]
    public void A_data_directory_behind_a_symbolic_link_is_emptied_and_links_in_it_are_not_followed()
    {
        var real = Directory.CreateDirectory(Path.Join(_directory.Path, "disk")).FullName;
        var elsewhere = Directory.CreateDirectory(Path.Join(_directory.Path, "elsewhere")).FullName;
        File.WriteAllText(Path.Join(elsewhere, "kept"), "");
        Directory.CreateDirectory(Path.Join(real, "base", "1"));
        File.WriteAllText(Path.Join(real, "PG_VERSION"), "15");
        Directory.CreateSymbolicLink(Path.Join(real, "pg_wal"), elsewhere);
        var link = Path.Join(_directory.Path, "node");
        Directory.CreateSymbolicLink(link, real);
        _terminal.Variables["HOME"] = _directory.Path;
        var paths = ConfigPaths.For(link, _terminal.Context.Environment);

        new NodeRemoval(new LocalNode(paths, NodeConfig.New(ConfigKeys.KeeperRole).With(ConfigKeys.PgData, link)), _terminal.Context).Destroy();

        Directory.EnumerateFileSystemEntries(real).ShouldBeEmpty();
        Path.Exists(link).ShouldBeFalse();
        File.Exists(Path.Join(elsewhere, "kept")).ShouldBeTrue();
    }

    public void Dispose() => _directory.Dispose();
}
