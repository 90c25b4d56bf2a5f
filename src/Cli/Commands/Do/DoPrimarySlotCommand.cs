using System.CommandLine;
using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Configuration;
using PgAutoFailover.Cli.Logging;

namespace PgAutoFailover.Cli.Commands.Do;

/// <summary><c>do primary slot create|drop</c></summary>
internal static class DoPrimarySlotCommand
{
    // Reserved at once: WAL is kept from now on, and not only from the moment at which a standby comes.
    private const string CreateSql = """
        select pg_create_physical_replication_slot($1, true)
         where not exists (select from pg_replication_slots where slot_name = $1)
        """;

    private const string DropSql = "select pg_drop_replication_slot(slot_name) from pg_replication_slots where slot_name = $1";

    public static Command CreateCreate(CommandContext context) => Create("create", CreateSql, "created", "is there already", context);

    public static Command CreateDrop(CommandContext context) => Create("drop", DropSql, "dropped", "is not there", context);

    private static Command Create(string verb, string sql, string done, string nothingToDo, CommandContext context)
    {
        var pgData = NewOption.PgData();
        var slot = new Argument<string>("node-id | name");
        var command = new Command(verb) { pgData, slot };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var name = SlotName.Parse(parsed.GetValue(slot)!); // required
            var local = await AnyCluster.FindAsync(parsed.GetValue(pgData), context, cancellationToken);
            var rows = await LocalQuery.CountAsync(local, sql, name, context, cancellationToken);
            context.Log.SlotOutcome(name, rows > 0 ? done : nothingToDo);
            return ExitCode.Ok;
        });
        return command;
    }
}
