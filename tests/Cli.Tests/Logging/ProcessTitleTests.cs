using System.Text;
using PgAutoFailover.Cli.Logging;
using Shouldly;

namespace PgAutoFailover.Cli.Tests.Logging;

public sealed class ProcessTitleTests
{
    [Theory]
    [InlineData("pg_autoctl\0create\0--monitor\0postgres://u:secret@h/d\0--run\0", "pg_autoctl\0create\0--monitor\0postgres://u:******@h/d\0--run\0")]
    [InlineData("pg_autoctl\0config\0set\0replication.password\0secret\0--pgdata\0d\0", "pg_autoctl\0config\0set\0replication.password\0******\0--pgdata\0d\0")]
    [InlineData("pg_autoctl\0run\0--pgdata\0d\0", null)]
    public void Passwords_are_covered_and_nothing_moves(string shown, string? covered) =>
        ProcessTitle.Cover(Encoding.UTF8.GetBytes(shown)).ShouldBe(covered is null ? null : Encoding.UTF8.GetBytes(covered));

    [Fact]
    public void Words_that_are_no_text_are_left_alone() =>
        ProcessTitle.Cover([.. "postgres://u:"u8, 0xff, 0xfe, .. "@h/d\0"u8]).ShouldBeNull();
}
