using System.CommandLine;
using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Services;
using PgAutoFailover.Postgres.Settings;

namespace PgAutoFailover.Cli.Commands.Do;

/// <summary><c>do pgsetup tune</c></summary>
internal static class DoPgSetupTuneCommand
{
    public static Command Create(CommandContext context)
    {
        var pgData = NewOption.Text("--pgdata", "-D", "accepted as in 2.0; the settings depend on the machine alone");
        var command = new Command("tune") { pgData };
        command.SetAction(_ =>
        {
            context.Out.Write(MachineTuning.Describe(PostgresOptionsOf.HasSmallMemory(context)));
            return ExitCode.Ok;
        });
        return command;
    }
}
