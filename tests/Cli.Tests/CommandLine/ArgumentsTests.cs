using System.CommandLine;
using PgAutoFailover.Cli.CommandLine;
using Shouldly;

namespace PgAutoFailover.Cli.Tests.CommandLine;

public sealed class ArgumentsTests
{
    private static readonly Option[] s_options =
    [
        NewOption.PgData(), NewOption.Port(), NewOption.Formation(), NewOption.Json(),
        NewOption.Flag("--ssl-self-signed", "-s", ""), NewOption.Text("--ssl-mode", null, ""),
    ];

    [Theory]
    [InlineData("--pgdata /d", "--pgdata=/d")]
    [InlineData("--pgdata=/d", "--pgdata=/d")]
    [InlineData("--pgd /d", "--pgdata=/d")]
    [InlineData("--pgp=5432", "--pgport=5432")]
    [InlineData("--form f --j", "--formation=f --json")]
    [InlineData("-D /d -J", "--pgdata=/d --json")]
    [InlineData("-D/d", "--pgdata=/d")]
    [InlineData("-JD /d", "--json --pgdata=/d")]
    [InlineData("--ssl-self", "--ssl-self-signed")]
    [InlineData("--pgdata --json", "--pgdata=--json")]
    [InlineData("one --json two", "one --json two")]
    [InlineData("--json -- --pgdata", "--json -- --pgdata")]
    [InlineData("-1", "-1")]
    [InlineData("--pgdata /a --pgport 1 -D /b", "--pgport=1 --pgdata=/b")]
    public void Options_are_read_as_getopt_long_reads_them(string given, string expected)
    {
        var arguments = Arguments.Read(given.Split(' '), s_options);

        arguments.Problem.ShouldBeNull();
        string.Join(' ', arguments.Tokens).ShouldBe(expected);
    }

    [Theory]
    [InlineData("--pg /d", "Option \"--pg\" is ambiguous: it may be --pgdata or --pgport")]
    [InlineData("--ssl-", "Option \"--ssl-\" is ambiguous: it may be --ssl-self-signed or --ssl-mode")]
    [InlineData("--nope", "Unknown option \"--nope\"")]
    [InlineData("-X", "Unknown option \"-X\"")]
    [InlineData("--pgdata", "Option \"--pgdata\" needs a value")]
    [InlineData("--pgdata=", "Option \"--pgdata\" needs a value")]
    [InlineData("--json=yes", "Option \"--json\" takes no value")]
    public void What_cannot_be_read_is_named(string given, string problem) =>
        Arguments.Read(given.Split(' '), s_options).Problem.ShouldBe(problem);

    [Fact]
    public void Options_that_every_command_has_are_taken_out()
    {
        var arguments = Arguments.Read(["-vv", "--verb", "-q", "--json"], s_options);

        arguments.Verbosity.ShouldBe(3);
        arguments.Quiet.ShouldBeTrue();
        arguments.Tokens.ShouldBe(["--json"]);
    }

    [Fact]
    public void Nothing_behind_help_is_looked_at() =>
        Arguments.Read(["--help", "--nope"], s_options).Problem.ShouldBeNull();
}
