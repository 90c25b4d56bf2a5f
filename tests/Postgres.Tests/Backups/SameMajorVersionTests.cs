using PgAutoFailover.Postgres.Server;
using PgAutoFailover.Postgres.Tests.Instances;
using Shouldly;
using Xunit;

namespace PgAutoFailover.Postgres.Tests.Backups;

public sealed class SameMajorVersionTests : PostgresTest
{
    [Fact]
    public async Task A_server_of_another_major_version_is_not_copied_and_what_was_there_stays()
    {
        var primary = await KeepAsync(TestInstance.PrimaryAsync(Root, 1, Token));
        var standby = Keep(TestInstance.Create(Root, 2, o => o with { PgCtl = ProgramsOfVersion(14), BackupDirectory = null }));
        await primary.Server.EnsureHbaAsync(monitorHosts: [], [standby.Address], Token);
        Directory.CreateDirectory(standby.Options.PgData);
        var kept = Path.Combine(standby.Options.PgData, "PG_VERSION");
        await File.WriteAllTextAsync(kept, "14\n", Token);

        var refusal = await Should.ThrowAsync<PostgresException>(() => standby.Server.BaseBackupAsync(primary.UpstreamFor(standby), Token));

        refusal.Message.ShouldContain($"runs PostgreSQL {(await primary.QueryAsync("show server_version", Token)).Split('.')[0]}, \"{standby.Options.PgCtl}\" belongs to PostgreSQL 14");
        File.Exists(kept).ShouldBeTrue();
    }

    private string ProgramsOfVersion(int major)
    {
        var pgCtl = Path.Combine(Directory.CreateDirectory(Path.Combine(Root, "bin")).FullName, "pg_ctl");
        File.WriteAllText(pgCtl, $"#!/bin/sh\necho 'pg_ctl (PostgreSQL) {major}.1'\n");
        File.SetUnixFileMode(pgCtl, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        return pgCtl;
    }
}
