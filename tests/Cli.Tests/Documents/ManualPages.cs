using System.CommandLine;
using PgAutoFailover.Cli.CommandLine;

namespace PgAutoFailover.Cli.Tests.Documents;

/// <summary>
/// The manual pages in docs/man, which the package installs: of the program, of each command, of what is below <c>do</c> on one page,
/// and of the configuration file. What they say stands in the commands, and in the tables of docs/operations/settings.md.
/// </summary>
internal static class ManualPages
{
    /// <summary>File name and text of each.</summary>
    /// <param name="settings">The page settings.md.</param>
    public static IEnumerable<(string File, string Text)> Write(CommandContext context, string settings)
    {
        yield return ("pg_autoctl.1", WriteProgram(settings));
        foreach (var entry in CommandTree.All)
        {
            yield return ($"{NameOf(entry)}.1", entry.Create is { } create ? WriteCommand(entry, create(context)) : WriteGroup(entry));
        }

        yield return ("pg_autoctl-do.1", WriteDo(context));
        yield return ("pg_autoctl.cfg.5", WriteConfiguration(settings));
    }

    private static string NameOf(CommandEntry entry) => $"pg_autoctl-{entry.Path.Replace(' ', '-')}";

    private static string WriteProgram(string settings)
    {
        var page = new Roff("pg_autoctl", 1)
            .Section("NAME").Text("pg_autoctl - high availability for PostgreSQL")
            .Section("SYNOPSIS").Text("`pg_autoctl` *command* [ *subcommand* ] [ *options* ] [ *arguments* ]")
            .Section("DESCRIPTION")
            .Text("Creates and runs monitors and PostgreSQL nodes, shows their state, and carries out switchovers and maintenance.")
            .Paragraph("Most commands need to know a data directory (`--pgdata`, else `$PGDATA`) or a monitor (`--monitor`, else `$PG_AUTOCTL_MONITOR`). "
                + "Results go to stdout, everything that is said about them to stderr.");
        page.Section("COMMANDS");
        foreach (var entry in CommandTree.All.Where(e => !e.IsGroup || e.Path == "help"))
        {
            page.Term($"`{entry.Path}`", $"{entry.Summary}: see {NameOf(entry)}(1)");
        }

        page.Term("`do`", "Single steps, for debugging: see pg_autoctl-do(1)");
        page.Section("OPTIONS").Text("Every command has these. A long option may be cut to any prefix that no other option has.");
        foreach (var (left, right) in Usage.Everywhere)
        {
            page.Term($"`{left}`", right);
        }

        page.Section("EXIT STATUS");
        foreach (var (code, meaning) in CommandReference.Codes)
        {
            page.Term($"`{code}`", meaning);
        }

        page.Section("ENVIRONMENT");
        foreach (var row in MarkdownTable.Rows(settings, "## Environment"))
        {
            page.Term(row[0], row[1]);
        }

        return page.Section("SEE ALSO").Text("pg_autoctl.cfg(5), and the pages in /usr/share/doc/pg-autoctl/docs").ToString();
    }

    private static string WriteGroup(CommandEntry group)
    {
        var page = Head(group, group.Path == "help" ? "" : "*command*");
        var children = CommandTree.ChildrenOf(group.Path).ToList();
        if (children.Count > 0)
        {
            page.Section("COMMANDS");
        }

        foreach (var child in children)
        {
            page.Term($"`{child.Name}`", $"{child.Summary}: see {NameOf(child)}(1)");
        }

        return End(page);
    }

    private static string WriteCommand(CommandEntry entry, Command command)
    {
        var page = Head(entry, entry.Synopsis);
        if (command.Options.Any(o => !o.Hidden))
        {
            page.Section("OPTIONS");
            WriteOptions(page, command);
        }

        return End(page);
    }

    private static string WriteDo(CommandContext context)
    {
        var page = new Roff("pg_autoctl-do", 1)
            .Section("NAME").Text("pg_autoctl-do - single steps of what the service does by itself")
            .Section("SYNOPSIS").Text("`PG_AUTOCTL_DEBUG=1 pg_autoctl do` *command*")
            .Section("DESCRIPTION").Text("To look into a node, to test, and for a day on which an operator has to do something by hand. "
                + "The commands are there where the environment variable `PG_AUTOCTL_DEBUG` is set, to any value.");
        foreach (var entry in DoCommandTree.All.Where(e => !e.IsGroup))
        {
            page.Section($"\"{entry.Path}\"").Text($"{entry.Summary}.").Paragraph($"`pg_autoctl {entry.Path}` {entry.Synopsis}");
            WriteOptions(page, entry.Create!(context)); // a leaf has one
        }

        return End(page);
    }

    private static string WriteConfiguration(string settings)
    {
        var page = new Roff("pg_autoctl.cfg", 5)
            .Section("NAME").Text("pg_autoctl.cfg - configuration of a monitor or of a node")
            .Section("DESCRIPTION")
            .Text("An INI file for each data directory: `$XDG_CONFIG_HOME` (`~/.config`)`/pg_autoctl/`*path of the data directory*`/pg_autoctl.cfg`. "
                + "`pg_autoctl show file --config` tells where it is, pg_autoctl-config-get(1) shows what is in it, and pg_autoctl-config-set(1) changes it. "
                + "After a change by hand, pg_autoctl-reload(1) has a running service read it.")
            .Section("SETTINGS")
            .Text("M: of a monitor, N: of a node.");
        foreach (var row in MarkdownTable.Rows(settings, "## Of a keeper and of a monitor: the configuration file"))
        {
            page.Term(row[0], $"({row[1]}; default: {row[2]}) {row[3]}");
        }

        page.Paragraph(MarkdownTable.Paragraph(settings, "These are accepted"));
        return page.Section("SEE ALSO").Text("pg_autoctl(1)").ToString();
    }

    private static Roff Head(CommandEntry entry, string synopsis) => new Roff(NameOf(entry), 1)
        .Section("NAME").Text($"{NameOf(entry)} - {entry.Summary}")
        .Section("SYNOPSIS").Text($"`pg_autoctl {entry.Path}` {synopsis}".TrimEnd());

    private static string End(Roff page) => page.Section("SEE ALSO").Text("pg_autoctl(1) for the options that every command has, for exit codes and for the environment").ToString();

    private static void WriteOptions(Roff page, Command command)
    {
        foreach (var option in command.Options.Where(o => !o.Hidden))
        {
            var names = string.Join(", ", option.Aliases.Append(option.Name).Select(n => $"`{n}`"));
            var value = option.ValueType == typeof(bool) ? "" : $" *{option.Name.Split('-')[^1]}*";
            page.Term($"{names}{value}", option.Description ?? "");
        }
    }
}
