using System.Diagnostics;
using PgAutoFailover.Postgres.Backups;
using PgAutoFailover.Postgres.Files;
using PgAutoFailover.Postgres.Native;
using PgAutoFailover.Postgres.Server;
using PgAutoFailover.Postgres.Tests.Instances;
using Shouldly;
using Xunit;

namespace PgAutoFailover.Postgres.Tests.Backups;

public sealed class UnfinishedWorkTests : PostgresTest
{
    [Fact]
    public async Task An_interrupted_initdb_is_removed_and_done_again()
    {
        var instance = Keep(TestInstance.Create(Root, 1));
        using var interrupted = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var initdb = instance.Server.InitDbAsync(interrupted.Token);
        while (!File.Exists(Path.Combine(instance.Options.PgData, "PG_VERSION")))
        {
            await Task.Delay(5, Token);
        }

        await interrupted.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => initdb);
        instance.Server.DataDirectoryExists.ShouldBeFalse();
        await instance.BeginNewLifeAsync();

        await instance.Server.InitDbAsync(Token);

        instance.Server.DataDirectoryExists.ShouldBeTrue();
        UnfinishedWork.Read(instance.Options).ShouldBeNull();
        await instance.Server.StartAsync(Token);
    }

    [Fact]
    public async Task A_directory_that_holds_something_else_is_refused()
    {
        var instance = Keep(TestInstance.Create(Root, 1));
        Directory.CreateDirectory(instance.Options.PgData);
        await File.WriteAllTextAsync(Path.Combine(instance.Options.PgData, "thesis.txt"), "", Token);

        (await Should.ThrowAsync<PostgresException>(() => instance.Server.InitDbAsync(Token))).Message.ShouldContain("is not empty");

        File.Exists(Path.Combine(instance.Options.PgData, "thesis.txt")).ShouldBeTrue();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_interrupted_base_backup_leaves_nothing_that_starts_and_is_done_again(bool inPlace)
    {
        var primary = await KeepAsync(TestInstance.PrimaryAsync(Root, 1, Token));
        var standby = Keep(TestInstance.Create(Root, 2, o => o with { MaximumBackupRate = "4M", BackupDirectory = inPlace ? null : o.BackupDirectory }));
        await primary.Server.EnsureHbaAsync(monitorHosts: [], [standby.Address], Token);
        await primary.Server.EnsureSlotsAsync([standby.Address], Token);
        using var interrupted = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var backup = standby.Server.BaseBackupAsync(primary.UpstreamFor(standby), interrupted.Token);
        while (!File.Exists(Path.Combine(inPlace ? standby.Options.PgData : standby.Options.BackupDirectory ?? "", "PG_VERSION")))
        {
            await Task.Delay(5, Token);
        }

        await interrupted.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => backup);
        await Should.ThrowAsync<PostgresException>(() => standby.Server.StartAsync(Token));
        standby.Server.Options = standby.Options with { MaximumBackupRate = "" };

        await standby.Server.BaseBackupAsync(primary.UpstreamFor(standby), Token);
        await standby.FollowAsync(primary, Token);

        UnfinishedWork.Read(standby.Options).ShouldBeNull();
    }

    [Fact]
    public async Task After_an_interrupted_rewind_nothing_starts_until_a_base_backup_was_made()
    {
        var (primary, standby) = await PairAsync();
        await standby.Server.StopAsync(StopMode.Fast, Token);
        UnfinishedWork.Begin(standby.Options, UnfinishedWork.Rewind);

        (await Should.ThrowAsync<PostgresException>(() => standby.Server.StartAsync(Token))).Message.ShouldContain("interrupted");
        (await Should.ThrowAsync<PostgresException>(() => standby.Server.RewindAsync(primary.UpstreamFor(standby), Token))).Message.ShouldContain("interrupted");
        using var leftover = StartLeftoverRewind(standby.Options.PgData);
        await standby.Server.BaseBackupAsync(primary.UpstreamFor(standby), Token);

        leftover.HasExited.ShouldBeTrue("it would write into the new data directory");
        await standby.FollowAsync(primary, Token);
    }

    // Of a keeper that was killed: it goes by the name of its program and the directory in its arguments.
    private Process StartLeftoverRewind(string pgData)
    {
        var program = Path.Combine(Root, "pg_rewind");
        File.Copy("/usr/bin/tail", program);
        return Process.Start(new ProcessStartInfo(program, ["-q", "-F", "/dev/null", pgData]) { UseShellExecute = false, RedirectStandardError = true })!; // never null without the shell
    }

    [Fact]
    public async Task A_crashed_standby_is_shut_down_cleanly_before_it_is_rewound()
    {
        var (primary, standby) = await PairAsync();
        await standby.Server.StopReceivingAsync(Token);
        await standby.Server.PromoteAsync(Token);
        await standby.Server.EnsureSlotsAsync([primary.Address], Token);

        // The former primary as a standby of nobody, which then crashes.
        await primary.QueryAsync("create table lost as select 1", Token);
        await primary.Server.StopAsync(StopMode.Fast, Token);
        await primary.Server.WriteStandbySettingsAsync(null, Token);
        await primary.Server.StartAsync(Token);
        await primary.Server.StopAsync(StopMode.Immediate, Token);

        await primary.Server.RewindAsync(standby.UpstreamFor(primary), Token);
        await primary.FollowAsync(standby, Token);

        (await primary.WaitUntilAsync(o => o.Timeline == 2, Token)).InRecovery.ShouldBeTrue();
        (await primary.QueryAsync("select to_regclass('lost') is null", Token)).ShouldBe("True");
    }

    [Fact]
    public void Where_the_data_directory_cannot_be_renamed_its_content_is_replaced()
    {
        var parent = Directory.CreateDirectory(Path.Combine(Root, "parent")).FullName;
        var pgData = Directory.CreateDirectory(Path.Combine(parent, "data")).FullName;
        File.WriteAllText(Path.Combine(pgData, "old"), "");
        var backup = Directory.CreateDirectory(Path.Combine(Root, "backup")).FullName;
        Directory.CreateDirectory(Path.Combine(backup, "base"));
        File.WriteAllText(Path.Combine(backup, "PG_VERSION"), "15");
        File.SetUnixFileMode(parent, UnixFileMode.UserRead | UnixFileMode.UserExecute);

        BackupSwap.Run(backup, pgData);

        File.SetUnixFileMode(parent, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Directory.EnumerateFileSystemEntries(pgData).Select(Path.GetFileName).Order().ShouldBe(["PG_VERSION", "base"]);
        Directory.Exists(backup).ShouldBeFalse();
    }

    [Fact]
    public async Task A_frozen_postmaster_is_ended_with_its_sessions()
    {
        var instance = await KeepAsync(TestInstance.PrimaryAsync(Root, 1, Token));
        await using var session = new Npgsql.NpgsqlConnection(instance.Server.LocalConnectionString("postgres"));
        await session.OpenAsync(Token);
        _ = Libc.Kill(instance.PostmasterPid, 19); // SIGSTOP

        await instance.Server.StopAsync(StopMode.Fast, Token).WaitAsync(TimeSpan.FromSeconds(40), Token);

        (await instance.Server.ObserveAsync(Token)).Phase.ShouldBe(PostgresPhase.Down);
        ProcFs.Executable(session.ProcessID).ShouldBeEmpty();
        await instance.Server.StartAsync(Token);
    }
}
