using PgAutoFailover.Postgres.Backups;
using PgAutoFailover.Postgres.Server;
using PgAutoFailover.Postgres.Tests.Instances;
using Shouldly;
using Xunit;

namespace PgAutoFailover.Postgres.Tests.Backups;

public sealed class BackupPlaceTests : PostgresTest
{
    [Fact]
    public void A_backup_is_made_beside_the_data_directory() =>
        BackupPlace.DefaultFor(Path.Combine(Root, "node"), 7).ShouldBe(Path.Combine(Root, "backup", "node_7"));

    [Fact]
    public void A_backup_is_made_beside_what_a_symbolic_link_stands_for()
    {
        var real = Directory.CreateDirectory(Path.Combine(Root, "disk", "node")).FullName;
        Directory.CreateSymbolicLink(Path.Combine(Root, "link"), real);

        BackupPlace.DefaultFor(Path.Combine(Root, "link"), 7).ShouldBe(Path.Combine(Root, "disk", "backup", "node_7"));
    }

    [Fact]
    public void A_backup_is_made_in_a_data_directory_that_is_a_file_system_of_its_own() =>
        BackupPlace.DefaultFor("/proc", 7).ShouldBe(BackupPlace.InPlace);

    [Fact]
    public void A_backup_on_another_file_system_is_refused_before_it_is_made()
    {
        var pgData = Directory.CreateDirectory(Path.Combine(Root, "node")).FullName;
        var elsewhere = Directory.CreateDirectory(Path.Combine("/dev/shm", Path.GetFileName(Root))).FullName;
        try
        {
            var error = Should.Throw<PostgresException>(() => BackupSwap.RefuseOtherFileSystem(Path.Combine(elsewhere, "node_7"), pgData));

            error.Hint.ShouldNotBeNull().ShouldContain("\"direct\"");
            Directory.EnumerateFileSystemEntries(elsewhere).Concat(Directory.EnumerateFileSystemEntries(pgData)).ShouldBeEmpty();
        }
        finally
        {
            Directory.Delete(elsewhere, recursive: true);
        }
    }

    [Fact]
    public void The_content_of_a_data_directory_behind_a_symbolic_link_is_replaced_where_it_is()
    {
        var real = Directory.CreateDirectory(Path.Combine(Root, "disk", "node")).FullName;
        File.WriteAllText(Path.Combine(real, "old"), "");
        Directory.CreateSymbolicLink(Path.Combine(Root, "link"), real);
        var backup = Directory.CreateDirectory(Path.Combine(Root, "disk", "backup", "node_7")).FullName;
        File.WriteAllText(Path.Combine(backup, "PG_VERSION"), "15");

        BackupSwap.Run(backup, Path.Combine(Root, "link"));

        new FileInfo(Path.Combine(Root, "link")).LinkTarget.ShouldBe(real);
        Directory.EnumerateFileSystemEntries(real).Select(Path.GetFileName).ShouldBe(["PG_VERSION"]);
        Directory.EnumerateFileSystemEntries(Path.Combine(Root, "disk", "backup")).ShouldBeEmpty();
    }
}
