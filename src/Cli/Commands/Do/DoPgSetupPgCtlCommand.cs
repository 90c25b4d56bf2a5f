using System.CommandLine;
using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Configuration;
using PgAutoFailover.Cli.Files;
using PgAutoFailover.Cli.Logging;
using PgAutoFailover.Postgres.Discovery;

namespace PgAutoFailover.Cli.Commands.Do;

/// <summary><c>do pgsetup pg_ctl</c></summary>
internal static class DoPgSetupPgCtlCommand
{
    public static Command Create(CommandContext context)
    {
        var pgData = NewOption.PgData();
        var command = new Command("pg_ctl") { pgData };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            foreach (var found in await PgCtlSearch.ListAsync(context.Environment, cancellationToken))
            {
                context.Log.FoundPgCtl(found, VersionOf(found));
            }

            if ((parsed.GetValue(pgData) ?? context.Variable("PGDATA")) is { } directory
                && ConfigPaths.For(directory, context.Environment) is var paths && File.Exists(paths.ConfigFile)
                && NodeConfig.Read(paths.ConfigFile)[ConfigKeys.PgCtl] is { } configured)
            {
                context.Log.WouldUsePgCtl($"pg_autoctl run --pgdata {paths.PgData}", configured, VersionOf(configured));
            }

            var chosen = await PgCtlSearch.FindAsync(context.Environment, cancellationToken);
            context.Log.WouldUsePgCtl("pg_autoctl create postgres", chosen, VersionOf(chosen));
            context.Log.WouldUsePgCtl("pg_autoctl create monitor", chosen, VersionOf(chosen));
            return ExitCode.Ok;
        });
        return command;
    }

    private static string VersionOf(string pgCtl) =>
        InstalledPostgres.Ask(Path.Join(Path.GetDirectoryName(pgCtl), "postgres")) is { Short.Length: > 0 } installed ? installed.Short : "unknown (there is no server beside it)";
}
