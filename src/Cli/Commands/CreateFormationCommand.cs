using System.CommandLine;
using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Logging;
using PgAutoFailover.Cli.Monitors;

namespace PgAutoFailover.Cli.Commands;

/// <summary><c>create formation</c></summary>
internal static class CreateFormationCommand
{
    public static Command Create(CommandContext context)
    {
        var formation = NewOption.Text("--formation", "-f", "name of the new formation");
        var kind = NewOption.Text("--kind", "-k", "pgsql or citus");
        kind.CompletionSources.Add("pgsql", "citus");
        var dbName = NewOption.Text("--dbname", "-d", "name of the database that applications connect to; default: postgres");
        var enable = NewOption.Flag("--enable-secondary", "-s", "nodes may be secondaries; the default");
        var disable = NewOption.Flag("--disable-secondary", "-S", "nodes may not be secondaries");
        var number = NewOption.Number("--number-sync-standbys", "-n", "how many standbys must confirm a commit; default: 0", 0, int.MaxValue);
        var oldEnable = OldNameOf(enable, "--with-secondary");
        var oldDisable = OldNameOf(disable, "--without-secondary");
        var command = new Command("formation") { formation, kind, dbName, enable, disable, number, oldEnable, oldDisable };
        var monitorOptions = new MonitorOptions(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var name = parsed.GetValue(formation) ?? throw CommandFailure.BadArguments("Option --formation is needed");
            if (parsed.GetValue(kind) is not (("pgsql" or "citus") and var kindName))
            {
                throw CommandFailure.BadArguments("Option --kind is needed, and is pgsql or citus");
            }

            var secondary = !(parsed.GetValue(disable) || parsed.GetValue(oldDisable));
            if (!secondary && (parsed.GetValue(enable) || parsed.GetValue(oldEnable)))
            {
                throw CommandFailure.BadArguments("Options --enable-secondary and --disable-secondary exclude each other");
            }

            await using var monitor = await MonitorConnection.OpenAsync(monitorOptions.Resolve(parsed, context), context, cancellationToken);
            await monitor.ScalarAsync<object>(
                "select formation_id from pgautofailover.create_formation($1, $2, $3::name, $4, $5)",
                cancellationToken,
                name,
                kindName,
                parsed.GetValue(dbName) ?? "postgres",
                secondary,
                parsed.GetValue(number) ?? 0);
            context.Log.FormationCreated(name, kindName, secondary ? "enabled" : "disabled");
            if (kindName == "citus")
            {
                context.Log.NoCitusNodesYet(name);
            }

            return ExitCode.Ok;
        });
        return command;
    }

    // The manual of 2.0 has these, too.
    private static Option<bool> OldNameOf(Option<bool> option, string name) => new(name) { Description = option.Description, Hidden = true };
}
