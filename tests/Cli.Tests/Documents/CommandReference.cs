using System.Text;
using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Services;

namespace PgAutoFailover.Cli.Tests.Documents;

/// <summary>The text of docs/operations/commands.md: what help says of each command, in one page.</summary>
internal static class CommandReference
{
    private const string Head = """
        # Commands

        Generated from the commands themselves: do not edit, run `./build.sh docs`. `pg_autoctl help` prints the list,
        `pg_autoctl COMMAND --help` one of these sections.

        Every command knows `-v` (twice: debug, three times: trace), `-q` (errors only), `-V` and `-h`. A long option may be cut
        to any prefix that no other option has, and takes its value as `--option value` or `--option=value`. Results go to
        stdout, everything that is said about them to stderr.

        Most commands need to know a data directory (`--pgdata`, else `$PGDATA`) or a monitor (`--monitor`, else
        `$PG_AUTOCTL_MONITOR`). Where both are possible, a data directory stands for the monitor that runs in it, or for the
        monitor of the node that runs in it.

        ## Exit codes

        | code | meaning |
        |---|---|

        """;

    private static readonly (int Code, string Meaning)[] s_codes =
    [
        (ExitCode.Ok, "done, or stopped as asked"),
        (ExitCode.BadArguments, "the command line is wrong, or names what does not exist, as far as the command finds that out by itself; nothing was changed"),
        (ExitCode.BadConfiguration, "the configuration file is missing a value, has one that cannot be, or belongs to another role"),
        (ExitCode.BadState, "pg_autoctl runs already, or does not run, or its state file cannot be used; or the formation, or the group, has no node"),
        (ExitCode.LocalSql, "the local PostgreSQL refused a statement or a session"),
        (ExitCode.PostgresControl, "PostgreSQL cannot be started, stopped or copied, or is not ready"),
        (ExitCode.Monitor, "the monitor refused, does not know the node or the formation, or cannot be reached"),
        (ExitCode.Keeper, "what is in the data directory cannot be made a node of"),
        (ExitCode.Internal, "what was asked for did not happen, or not in time, or is a defect; nothing runs where `stop` or `reload` need it"),
        (Supervisor.FatalExitCode, "`run` ends for good: starting it again would not help"),
    ];

    public static IReadOnlyList<(int Code, string Meaning)> Codes => s_codes;

    public static string Write(CommandContext context)
    {
        var page = new StringBuilder(Head);
        foreach (var (code, meaning) in s_codes)
        {
            page.Append($"| {code} | {meaning} |\n");
        }

        CommandSections.Write(page, CommandTree.All.Where(e => !e.IsGroup || e.Path == "help"), context);
        return page.ToString();
    }
}
