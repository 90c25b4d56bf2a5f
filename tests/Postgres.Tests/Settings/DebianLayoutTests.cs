using PgAutoFailover.Postgres.Settings;
using Shouldly;
using Xunit;

namespace PgAutoFailover.Postgres.Tests.Settings;

public sealed class DebianLayoutTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("pgaf-debian-").FullName;

    private string DataRoot => Path.Combine(_root, "lib");

    private string PgData => Directory.CreateDirectory(Path.Combine(DataRoot, "15", "main")).FullName;

    private string ConfigurationRoot => Path.Combine(_root, "etc");

    private string Etc => Directory.CreateDirectory(Path.Combine(ConfigurationRoot, "15", "main")).FullName;

    [Fact]
    public void The_files_move_into_the_data_directory_and_leave_links()
    {
        File.WriteAllText(Path.Combine(Etc, "postgresql.conf"), "data_directory = '/x'\n  hba_file='/y'\nport = 5433\ndata_directory_mode = 0700\n");
        File.WriteAllText(Path.Combine(Etc, "pg_hba.conf"), "local all all peer\n");
        File.WriteAllText(Path.Combine(Etc, "start.conf"), "auto\n");

        DebianLayout.Adopt(PgData, DataRoot, ConfigurationRoot).ShouldBeTrue();

        File.ReadAllText(Path.Combine(PgData, "postgresql.conf")).ShouldBe(
            "# data_directory = '/x' # disabled by pg_auto_failover\n#   hba_file='/y' # disabled by pg_auto_failover\nport = 5433\ndata_directory_mode = 0700\n");
        File.ReadAllText(Path.Combine(PgData, "pg_hba.conf")).ShouldBe("local all all peer\n");
        new FileInfo(Path.Combine(Etc, "pg_hba.conf")).LinkTarget.ShouldBe(Path.Combine(PgData, "pg_hba.conf"));
        File.ReadAllText(Path.Combine(Etc, "start.conf")).ShouldBe("disabled\n");
        File.ReadAllText(Path.Combine(Etc, "start.conf.orig")).ShouldBe("auto\n");
        DebianLayout.Adopt(PgData, DataRoot, ConfigurationRoot).ShouldBeFalse();
    }

    [Fact]
    public void A_cluster_of_another_kind_is_left_alone()
    {
        DebianLayout.Adopt(PgData, DataRoot, ConfigurationRoot).ShouldBeFalse();
        DebianLayout.Adopt(Directory.CreateDirectory(Path.Combine(_root, "srv")).FullName, DataRoot, ConfigurationRoot).ShouldBeFalse();
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);
}
