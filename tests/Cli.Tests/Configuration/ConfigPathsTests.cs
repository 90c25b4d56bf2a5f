using PgAutoFailover.Cli.Configuration;
using Shouldly;

namespace PgAutoFailover.Cli.Tests.Configuration;

public sealed class ConfigPathsTests
{
    [Fact]
    public void Files_lie_below_the_xdg_directories()
    {
        using var runtime = new TemporaryDirectory();
        var paths = ConfigPaths.For("/srv/pgaf/node1/", Environment(("XDG_CONFIG_HOME", "/x/config"), ("XDG_DATA_HOME", "/x/data"), ("XDG_RUNTIME_DIR", runtime.Path)));

        paths.PgData.ShouldBe("/srv/pgaf/node1");
        paths.ConfigFile.ShouldBe("/x/config/pg_autoctl/srv/pgaf/node1/pg_autoctl.cfg");
        paths.StateFile.ShouldBe("/x/data/pg_autoctl/srv/pgaf/node1/pg_autoctl.state");
        paths.InitFile.ShouldBe("/x/data/pg_autoctl/srv/pgaf/node1/pg_autoctl.init");
        paths.PidFile.ShouldBe($"{runtime.Path}/pg_autoctl/srv/pgaf/node1/pg_autoctl.pid");
    }

    [Fact]
    public void Without_them_they_lie_below_home_and_tmp()
    {
        var paths = ConfigPaths.For("/d", Environment(("HOME", "/home/me"), ("XDG_RUNTIME_DIR", "/nowhere")));

        paths.ConfigFile.ShouldBe("/home/me/.config/pg_autoctl/d/pg_autoctl.cfg");
        paths.StateFile.ShouldBe("/home/me/.local/share/pg_autoctl/d/pg_autoctl.state");
        paths.PidFile.ShouldBe("/tmp/pg_autoctl/d/pg_autoctl.pid");
    }

    private static Func<string, string?> Environment(params (string Name, string Value)[] variables) =>
        name => variables.FirstOrDefault(v => v.Name == name).Value;
}
