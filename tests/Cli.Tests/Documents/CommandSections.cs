using System.CommandLine;
using System.Text;
using PgAutoFailover.Cli.CommandLine;

namespace PgAutoFailover.Cli.Tests.Documents;

/// <summary>A section for each command: what its help says.</summary>
internal static class CommandSections
{
    public static void Write(StringBuilder page, IEnumerable<CommandEntry> entries, CommandContext context)
    {
        foreach (var entry in entries)
        {
            page.Append($"\n## {entry.Path}\n\n{entry.Summary}.\n\n    {$"pg_autoctl {entry.Path} {entry.Synopsis}".TrimEnd()}\n");
            if (entry.Create?.Invoke(context) is { Options.Count: > 0 } command)
            {
                WriteOptions(page, command);
            }
        }
    }

    private static void WriteOptions(StringBuilder page, Command command)
    {
        page.Append("\n| option | |\n|---|---|\n");
        foreach (var option in command.Options.Where(o => !o.Hidden))
        {
            var names = string.Join(", ", option.Aliases.Append(option.Name).Select(n => $"`{n}`"));
            page.Append($"| {names} | {option.Description?.Replace("|", "\\|", StringComparison.Ordinal)} |\n");
        }
    }
}
