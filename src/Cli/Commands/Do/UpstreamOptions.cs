using System.CommandLine;
using System.Globalization;
using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Configuration;
using PgAutoFailover.Cli.Services;
using PgAutoFailover.Keeper.State;
using PgAutoFailover.Postgres.Server;
using PgAutoFailover.Postgres.Settings;

namespace PgAutoFailover.Cli.Commands.Do;

/// <summary>The options by which a command is told of another server, and how the local cluster is to connect to it.</summary>
internal sealed class UpstreamOptions
{
    private readonly Option<string?> _pgData = NewOption.PgData();
    private readonly Option<string?> _host = NewOption.Text("--host", "-H", "host of the other server");
    private readonly Option<int?> _port = NewOption.Number("--port", "-p", "port of the other server; default: 5432", 1, 65535);
    private readonly Option<string?> _userName = NewOption.Text(
        "--username", "-U", "role to connect as; default: the one that nodes have for each other, else $PGUSER, else the system user's name. Its password comes from ~/.pgpass");
    private readonly Option<string?> _dbName = NewOption.Text("--dbname", "-d", "database to connect to; default: the node's, else postgres");
    private readonly Argument<string[]> _words = new("host port") { Arity = new ArgumentArity(0, 2) };

    public UpstreamOptions(Command command)
    {
        Option[] options = [_pgData, _host, _port, _userName, _dbName];
        foreach (var option in options)
        {
            command.Options.Add(option);
        }

        command.Arguments.Add(_words);
    }

    /// <summary>The local cluster, which may be any.</summary>
    public Task<LocalNode> FindLocalAsync(ParseResult parsed, CommandContext context, CancellationToken cancellationToken) =>
        AnyCluster.FindAsync(parsed.GetValue(_pgData), context, cancellationToken);

    /// <summary>The same, where it is to become something else.</summary>
    public Task<LocalNode> FindLocalToChangeAsync(ParseResult parsed, CommandContext context, CancellationToken cancellationToken) =>
        AnyCluster.FindToChangeAsync(parsed.GetValue(_pgData), context, cancellationToken);

    /// <summary>The local cluster where it has to be a node.</summary>
    public LocalNode LoadKeeper(ParseResult parsed, CommandContext context) => LocalKeeper.Load(parsed.GetValue(_pgData), context);

    public PostgresOptions PostgresOptions(LocalNode local, ParseResult parsed, CommandContext context)
    {
        var options = PostgresOptionsOf.Node(local, context);
        return options with { IsForeign = AnyCluster.IsForeign(local), DbName = parsed.GetValue(_dbName) ?? options.DbName };
    }

    /// <exception cref="CommandFailure">No host is named, or the port is none.</exception>
    public Upstream Upstream(LocalNode local, ParseResult parsed, CommandContext context)
    {
        var words = parsed.GetValue(_words) ?? [];
        if (words.Length > 0 && (parsed.GetValue(_host) is not null || parsed.GetValue(_port) is not null))
        {
            throw CommandFailure.BadArguments("The other server is named twice", "Use either --host and --port, or both as arguments");
        }

        var host = parsed.GetValue(_host) ?? words.FirstOrDefault()
            ?? throw CommandFailure.BadArguments("Name the other server", "Use --host and --port");
        var port = words.Length > 1 ? ParsePort(words[1]) : parsed.GetValue(_port) ?? 5432;
        var upstream = new Upstream(NodeId: 0, host, host, port, OwnNodeId(local));
        var role = parsed.GetValue(_userName) ?? (AnyCluster.IsForeign(local) ? context.Variable("PGUSER") ?? Environment.UserName : null);
        return role is null ? upstream : upstream with { Role = role };
    }

    private static int ParsePort(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and <= 65535
            ? port
            : throw CommandFailure.BadArguments($"\"{text}\" is no port: expected a number from 1 to 65535");

    // A damaged state file must not keep anybody from rewinding by hand: without an id, there is no slot.
    private static long OwnNodeId(LocalNode local) => AnyCluster.IsForeign(local)
        ? 0
        : new FileKeeperStateStore(local.Paths.StateFile, local.Paths.InitFile).Load()?.NodeId ?? 0;
}
