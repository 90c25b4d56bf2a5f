using System.Reflection;
using System.Runtime.CompilerServices;
using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Configuration;
using Shouldly;

namespace PgAutoFailover.Cli.Tests.Documents;

public sealed class CommandReferenceTests
{
    /// <summary>With UPDATE_DOCS=1 in the environment the document is written instead.</summary>
    [Theory]
    [InlineData("commands.md")]
    [InlineData("do-commands.md")]
    public void The_checked_in_page_says_what_the_commands_say(string page)
    {
        var path = PageOf(page);
        var context = new FakeTerminal().Context;
        var expected = page == "commands.md" ? CommandReference.Write(context) : DoCommandReference.Write(context);
        if (Environment.GetEnvironmentVariable("UPDATE_DOCS") == "1")
        {
            File.WriteAllText(path, expected);
        }

        File.ReadAllText(path).ShouldBe(expected, "run ./build.sh docs");
    }

    [Fact]
    public void Every_exit_code_is_explained()
    {
        var codes = typeof(ExitCode).GetFields(BindingFlags.Public | BindingFlags.Static).Select(f => (int)f.GetRawConstantValue()!); // constants only

        codes.ShouldBeSubsetOf(CommandReference.Codes.Select(c => c.Code));
    }

    [Fact]
    public void Every_setting_of_the_configuration_files_is_explained()
    {
        var page = File.ReadAllText(PageOf("settings.md"));

        var missing = ConfigKeys.OfKeeper.Concat(ConfigKeys.OfMonitor).Select(k => k.Path).Distinct().Where(p => !page.Contains($"`{p}`", StringComparison.Ordinal));

        missing.ShouldBeEmpty();
    }

    private static string PageOf(string name, [CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "..", "docs", "operations", name)); // a source file has a directory
}
