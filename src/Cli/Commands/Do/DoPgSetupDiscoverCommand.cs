using System.CommandLine;
using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Configuration;
using PgAutoFailover.Cli.Files;
using PgAutoFailover.Cli.Output;

namespace PgAutoFailover.Cli.Commands.Do;

/// <summary><c>do pgsetup discover</c></summary>
internal static class DoPgSetupDiscoverCommand
{
    public static Command Create(CommandContext context)
    {
        var pgData = NewOption.PgData();
        var json = NewOption.Json();
        var command = new Command("discover") { pgData, json };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var config = (await AnyCluster.FindAsync(parsed.GetValue(pgData), context, cancellationToken)).Config;
            var postgres = LocalPostgres.Read(config.PgData);
            var control = ControlFileData.Read(config[ConfigKeys.PgCtl], config.PgData) ?? throw new CommandFailure(
                ExitCode.PostgresControl,
                $"There is no PostgreSQL cluster in \"{config.PgData}\" that pg_controldata can read",
                "Check --pgdata, and that you are the user to whom PostgreSQL belongs");
            if (parsed.GetValue(json))
            {
                context.Print(PrettyJson.Format(PostgresJson.Of(config, postgres, control)));
            }
            else
            {
                PostgresText.Write(config, postgres, control, context);
            }

            return ExitCode.Ok;
        });
        return command;
    }
}
