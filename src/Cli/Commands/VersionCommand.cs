using System.CommandLine;
using System.Text.Json.Nodes;
using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Configuration;
using PgAutoFailover.Cli.Files;
using PgAutoFailover.Cli.Output;
using PgAutoFailover.Core.Vocabulary;

namespace PgAutoFailover.Cli.Commands;

/// <summary><c>version</c></summary>
internal static class VersionCommand
{
    private const string Supported = "13, 14, 15, 16, 17, and 18";

    public static Command Create(CommandContext context)
    {
        var pgData = NewOption.Text("--pgdata", "-D", "data directory: tell of the PostgreSQL that it is configured for; default: the one found first");
        var json = NewOption.Json();
        var command = new Command("version") { pgData, json };
        command.SetAction(parsed =>
        {
            // No PostgreSQL is compiled in: what 2.0 says about its own stands here for the one that it would use.
            var postgres = parsed.GetValue(pgData) is { } directory ? PostgresOf(LocalNode.Load(directory, context)) : InstalledPostgres.Find(context);
            if (parsed.GetValue(json))
            {
                context.Print(PrettyJson.Format(new JsonObject
                {
                    ["pg_autoctl"] = ProgramVersion.Text,
                    ["pgautofailover"] = ProgramVersion.Extension,
                    ["pg_major"] = postgres.Major,
                    ["pg_version"] = postgres.Version,
                    ["pg_version_str"] = postgres.Text,
                    ["pg_version_num"] = postgres.Number,
                }));
            }
            else
            {
                context.Print($"pg_autoctl version {ProgramVersion.Text}");
                context.Print($"pg_autoctl extension version {ProgramVersion.Extension}");
                context.Print($"runs with {(postgres.Text.Length > 0 ? postgres.Text : "no PostgreSQL that could be found")}");
                context.Print($"compatible with Postgres {Supported}");
            }

            return ExitCode.Ok;
        });
        return command;
    }

    private static InstalledPostgres PostgresOf(LocalNode node) => InstalledPostgres.Ask(Path.Join(Path.GetDirectoryName(node.Config[ConfigKeys.PgCtl]), "postgres"));
}
