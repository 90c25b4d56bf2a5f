using System.Diagnostics;
using System.Runtime.CompilerServices;
using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Configuration;
using Shouldly;

namespace PgAutoFailover.Cli.Tests.Documents;

public sealed class ManualPagesTests
{
    private const string Groff = "/usr/bin/groff";
    private static readonly string s_docs = Docs();

    /// <summary>With UPDATE_DOCS=1 in the environment the pages are written instead.</summary>
    [Fact]
    public void The_checked_in_pages_say_what_the_commands_say()
    {
        var expected = Generate();
        var folder = Path.Join(s_docs, "man");
        if (Environment.GetEnvironmentVariable("UPDATE_DOCS") == "1")
        {
            Directory.CreateDirectory(folder);
            Directory.GetFiles(folder).ToList().ForEach(File.Delete);
            expected.ToList().ForEach(p => File.WriteAllText(Path.Join(folder, p.Key), p.Value));
        }

        Directory.GetFiles(folder).Select(p => Path.GetFileName(p)).ShouldBe(expected.Keys, ignoreOrder: true, "run ./build.sh docs");
        foreach (var (file, text) in expected)
        {
            File.ReadAllText(Path.Join(folder, file)).ShouldBe(text, $"{file}: run ./build.sh docs");
        }
    }

    [Fact]
    public void Every_command_has_its_page_and_every_option_is_on_it()
    {
        var pages = Generate();
        var context = new FakeTerminal().Context;
        foreach (var entry in CommandTree.All.Concat(DoCommandTree.All).Where(e => !e.IsGroup))
        {
            var page = pages[entry.Path.StartsWith("do ", StringComparison.Ordinal) ? "pg_autoctl-do.1" : $"pg_autoctl-{entry.Path.Replace(' ', '-')}.1"];
            page.ShouldContain(entry.Path.Replace("-", "\\-", StringComparison.Ordinal));
            foreach (var option in entry.Create!(context).Options.Where(o => !o.Hidden))
            {
                page.ShouldContain($"\\fB{option.Name.Replace("-", "\\-", StringComparison.Ordinal)}\\fR", customMessage: $"{option.Name} of {entry.Path}");
            }
        }

        foreach (var key in ConfigKeys.OfKeeper.Concat(ConfigKeys.OfMonitor))
        {
            pages["pg_autoctl.cfg.5"].ShouldContain($"\\fB{key.Path}\\fR");
        }
    }

    [Fact]
    public async Task Groff_finds_no_fault_in_any_page()
    {
        Assert.SkipUnless(File.Exists(Groff), "groff is not installed");
        using var folder = new TemporaryDirectory();
        var pages = Generate();
        foreach (var (file, text) in pages)
        {
            await File.WriteAllTextAsync(Path.Join(folder.Path, file), text, TestContext.Current.CancellationToken);
        }

        var start = new ProcessStartInfo(Groff, ["-man", "-ww", "-z", .. pages.Keys.Select(f => Path.Join(folder.Path, f))]) { RedirectStandardError = true, UseShellExecute = false };
        using var groff = Process.Start(start).ShouldNotBeNull();
        var faults = await groff.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await groff.WaitForExitAsync(TestContext.Current.CancellationToken);

        faults.ShouldBeEmpty();
        groff.ExitCode.ShouldBe(0);
    }

    private static Dictionary<string, string> Generate() => ManualPages
        .Write(new FakeTerminal().Context, File.ReadAllText(Path.Join(s_docs, "operations", "settings.md")))
        .ToDictionary(p => p.File, p => p.Text, StringComparer.Ordinal);

    private static string Docs([CallerFilePath] string here = "") => Path.GetFullPath(Path.Join(Path.GetDirectoryName(here), "..", "..", "..", "docs"));
}
