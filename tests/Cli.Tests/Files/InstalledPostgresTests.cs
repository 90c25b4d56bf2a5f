using PgAutoFailover.Cli.Files;
using Shouldly;

namespace PgAutoFailover.Cli.Tests.Files;

public sealed class InstalledPostgresTests
{
    [Theory]
    [InlineData("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)\n", "15", "15.18 (Debian 15.18-0+deb12u1)", "15.18", 150018)]
    [InlineData("postgres (PostgreSQL) 18beta1\n", "18", "18beta1", "18beta1", 180000)]
    [InlineData("no such thing", "", "", "", 0)]
    public void The_version_is_read_from_what_the_program_says(string text, string major, string version, string brief, int number)
    {
        var installed = InstalledPostgres.Parse(text);

        installed.Major.ShouldBe(major);
        installed.Version.ShouldBe(version);
        installed.Short.ShouldBe(brief);
        installed.Number.ShouldBe(number);
    }
}
