using PgAutoFailover.Postgres.Adoption;
using Shouldly;
using Xunit;

namespace PgAutoFailover.Postgres.Tests.Adoption;

public sealed class DebianLayoutTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("pgaf-debian-").FullName;

    private string PgData => Directory.CreateDirectory(Path.Combine(_root, "srv", "pg")).FullName;

    private string ConfigurationRoot => Path.Combine(_root, "etc");

    private string Etc => Directory.CreateDirectory(Path.Combine(ConfigurationRoot, "15", "main")).FullName;

    [Fact]
    public void The_files_move_into_the_data_directory_and_leave_links()
    {
        var settings = $"data_directory = '{PgData}'\n  hba_file='{Etc}/pg_hba.conf'\nport = 5433 # own\nwork_mem = '17MB'\nssl = on\n";
        Write("postgresql.conf", settings);
        Write("pg_hba.conf", "local all all peer\n");
        Write("start.conf", "auto\n");

        Adopt().ShouldBeTrue();

        Read("postgresql.conf").ShouldBe(
            $"# data_directory = '{PgData}' # disabled by pg_auto_failover\n#   hba_file='{Etc}/pg_hba.conf' # disabled by pg_auto_failover\n"
            + "# port = 5433 # own # disabled by pg_auto_failover\nwork_mem = '17MB'\n# ssl = on # disabled by pg_auto_failover\n");
        Read("pg_hba.conf").ShouldBe("local all all peer\n");
        new FileInfo(Path.Combine(Etc, "pg_hba.conf")).LinkTarget.ShouldBe(Path.Combine(PgData, "pg_hba.conf"));
        File.ReadAllText(Path.Combine(Etc, "start.conf")).ShouldBe("disabled\n");
        File.ReadAllText(Path.Combine(Etc, "start.conf.orig")).ShouldBe("auto\n");
        File.ReadAllText(Path.Combine(Etc, "postgresql.conf.orig")).ShouldBe(settings);
        ConfigurationText.Value(File.ReadAllText(Path.Combine(Etc, "postgresql.conf")), "data_directory").ShouldBe(PgData);
        Adopt().ShouldBeFalse();
    }

    [Fact]
    public void What_is_included_moves_along()
    {
        Write("postgresql.conf", $"data_directory = '{PgData}'\ninclude_dir = 'conf.d'\ninclude '{Etc}/more/a.conf' # mine\ninclude_if_exists = 'absent.conf'\ninclude '../common.conf'\n");
        Write("conf.d/x.conf", "include 'sub/y.conf'\n");
        Write("conf.d/notes.txt", "not read\n");
        Write("conf.d/sub/y.conf", "work_mem = 1\n");
        Write("more/a.conf", "work_mem = 2\n");

        Adopt().ShouldBeTrue();

        Read("postgresql.conf").ShouldEndWith(
            $"include_dir = 'conf.d'\ninclude 'more/a.conf' # mine\ninclude_if_exists = 'absent.conf'\ninclude '{ConfigurationRoot}/15/common.conf'\n");
        Read("conf.d/x.conf").ShouldBe("include 'sub/y.conf'\n");
        Read("conf.d/sub/y.conf").ShouldBe("work_mem = 1\n");
        Read("more/a.conf").ShouldBe("work_mem = 2\n");
        File.Exists(Path.Combine(PgData, "conf.d", "notes.txt")).ShouldBeFalse();
        File.ReadAllText(Path.Combine(Etc, "conf.d", "x.conf")).ShouldBe("include 'sub/y.conf'\n");
        File.Exists(Path.Combine(Etc, "conf.d.orig", "notes.txt")).ShouldBeTrue();
    }

    [Fact]
    public void An_interrupted_move_is_carried_on()
    {
        Write("postgresql.conf", $"data_directory = '{PgData}'\ninclude_dir 'conf.d'\nwork_mem = 3\n");
        Write("conf.d/x.conf", "work_mem = 4\n");
        Write("pg_hba.conf", "local all all peer\n");
        Adopt().ShouldBeTrue();
        var whole = Read("postgresql.conf");

        // As if it had ended before the last file was written, and between the two halves of moving a directory.
        File.Delete(Path.Combine(PgData, "postgresql.conf"));
        File.Delete(Path.Combine(Etc, "conf.d"));

        Adopt().ShouldBeTrue();
        Read("postgresql.conf").ShouldBe(whole);
        File.ReadAllText(Path.Combine(Etc, "conf.d", "x.conf")).ShouldBe("work_mem = 4\n");
        Read("pg_hba.conf").ShouldBe("local all all peer\n");
    }

    [Fact]
    public void A_cluster_of_another_kind_is_left_alone()
    {
        Adopt().ShouldBeFalse();
        Write("postgresql.conf", "data_directory = '/elsewhere'\n");
        Adopt().ShouldBeFalse();
        Directory.EnumerateFileSystemEntries(PgData).ShouldBeEmpty();
    }

    [Fact]
    public void What_cannot_be_read_beside_it_is_passed_over()
    {
        var earlier = Directory.CreateDirectory(Path.Combine(ConfigurationRoot, "14", "others")).FullName;
        Write("postgresql.conf", $"data_directory = '{PgData}'\n");
        File.WriteAllText(Path.Combine(earlier, "postgresql.conf"), "data_directory = '/elsewhere'\n");
        File.SetUnixFileMode(Path.Combine(earlier, "postgresql.conf"), UnixFileMode.None);
        var closed = Directory.CreateDirectory(Path.Combine(ConfigurationRoot, "13"), UnixFileMode.None).FullName;

        // A directory in the place of the file cannot be read by anybody, root included.
        Directory.CreateDirectory(Path.Combine(ConfigurationRoot, "12", "odd", "postgresql.conf"));

        DebianLayout.FindSettings(PgData, ConfigurationRoot).ShouldBe(Path.Combine(Etc, "postgresql.conf"));
        File.SetUnixFileMode(closed, UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.UserWrite);
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private bool Adopt() => DebianLayout.Adopt(PgData, ConfigurationRoot);

    private void Write(string name, string content)
    {
        var path = Path.Combine(Etc, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
    }

    private string Read(string name) => File.ReadAllText(Path.Combine(PgData, name));
}
