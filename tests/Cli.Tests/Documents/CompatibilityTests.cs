using System.Runtime.CompilerServices;
using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Configuration;
using Shouldly;

namespace PgAutoFailover.Cli.Tests.Documents;

/// <summary>docs/compatibility.md is written by hand; these see to it that it forgets nothing that is there.</summary>
public sealed class CompatibilityTests
{
    private static readonly string s_page = Read();

    [Fact]
    public void Every_command_has_a_row_that_names_its_options()
    {
        var context = new FakeTerminal().Context;
        foreach (var entry in CommandTree.All.Where(e => !e.IsGroup))
        {
            var row = s_page.Split('\n').SingleOrDefault(l => l.Contains($"| `{entry.Path}` |", StringComparison.Ordinal)).ShouldNotBeNull(entry.Path);

            var missing = entry.Create!(context).Options.Where(o => !o.Hidden).Select(o => o.Name).Where(o => !row.Contains($"`{o}`", StringComparison.Ordinal));
            missing.ShouldBeEmpty($"options of {entry.Path} that docs/compatibility.md does not name");
        }
    }

    [Fact]
    public void Every_setting_of_the_configuration_files_is_named()
    {
        var missing = ConfigKeys.OfKeeper.Concat(ConfigKeys.OfMonitor).Select(k => k.Path).Where(k => !s_page.Contains($"`{k}`", StringComparison.Ordinal)).Distinct();

        missing.ShouldBeEmpty();
    }

    private static string Read([CallerFilePath] string here = "") =>
        File.ReadAllText(Path.Join(Path.GetDirectoryName(here), "..", "..", "..", "docs", "compatibility.md"));
}
