using System.CommandLine;
using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Configuration;
using PgAutoFailover.Cli.Monitors;
using PgAutoFailover.Keeper.Creation;

namespace PgAutoFailover.Cli.Services;

/// <summary>The options that <c>create postgres</c> has beyond those of every <c>create</c>, and what is made of them.</summary>
internal sealed class CreateNodeOptions
{
    private const int DefaultPriority = 50;
    private readonly Option<string?> _monitor = NewOption.Monitor();
    private readonly Option<string?> _formation = NewOption.Formation();
    private readonly Option<string?> _name = NewOption.Text("--name", "-a", "name of the node; default: $PG_AUTOCTL_NODE_NAME, else the monitor chooses");
    private readonly Option<string?> _clientHostName = NewOption.ClientHostName();
    private readonly Option<int?> _clientPort = NewOption.ClientPort();
    private readonly Option<string?> _userName = NewOption.Text("--username", "-U", "superuser to create for applications; default: $PGUSER, else none but the system user's");
    private readonly Option<string?> _dbName = NewOption.Text("--dbname", "-d", "database to create for applications; default: $PGDATABASE, else postgres");
    private readonly Option<string?> _pgHost = NewOption.Text("--pghost", "-H", "host by which commands on this machine reach PostgreSQL; default: $PGHOST, else its unix socket");
    private readonly Option<bool> _hbaLan = NewOption.Flag("--pg-hba-lan", "-L", "let applications of the local network in");
    private readonly Option<int?> _priority = NewOption.Number("--candidate-priority", "-P", "0 to 100: how gladly the node becomes primary; 0: never; default: 50", 0, 100);
    private readonly Option<string?> _quorum = NewOption.Text("--replication-quorum", "-r", "whether commits may wait for this node; default: true");
    private readonly Option<string?> _backupRate = NewOption.Text("--maximum-backup-rate", "-R", "most that a base backup transfers in a second; default: 100M");
    private readonly Option<bool> _disableMonitor = NewOption.Flag("--disable-monitor", "-M", "make a node without a monitor, which an operator drives with the commands below \"do fsm\"");
    private readonly Option<long?> _nodeId = new("--node-id", "-I") { Description = "with --disable-monitor: id of the node, 1 or more, different on each node of the group" };

    public CreateNodeOptions(Command command)
    {
        _quorum.CompletionSources.Add("true", "false");
        Option[] options = [_monitor, _formation, _name, _clientHostName, _clientPort, _userName, _dbName, _pgHost, _hbaLan, _priority, _quorum, _backupRate, _disableMonitor, _nodeId];
        foreach (var option in options)
        {
            command.Options.Add(option);
        }
    }

    /// <summary>What a <c>run</c> continues: an interrupted creation, whose options the monitor may not know yet.</summary>
    public static CreationOptions? Resume(LocalNode local) =>
        local.Config.MonitorUri is not null && File.Exists(local.Paths.InitFile) && !File.Exists(local.Paths.StateFile) ? Creation(local.Config, DefaultPriority, quorum: true) : null;

    /// <summary>How a node is registered of which nothing but its configuration is known.</summary>
    public static CreationOptions Registration(NodeConfig config) => Creation(config, DefaultPriority, quorum: true);

    /// <summary>How a node whose monitor was disabled is registered with the next one; the settings that only the old one knew begin anew.</summary>
    public static CreationOptions Again(NodeConfig config) => Creation(config, DefaultPriority, quorum: true) with { IsNodeAlready = true };

    /// <summary>The configuration with what the options say on top.</summary>
    /// <exception cref="CommandFailure">They contradict each other, or no monitor is named.</exception>
    public NodeConfig Merge(NodeConfig config, ParseResult parsed, CommandContext context)
    {
        var isNew = config[ConfigKeys.Monitor] is null;
        config = config.With(ConfigKeys.Monitor, parsed.GetValue(_disableMonitor) ? NoMonitor(config, parsed) : Monitor(config, parsed, context));
        config = CreateOptions.Set(config, ConfigKeys.Formation, parsed.GetValue(_formation));
        config = new NodeMetadata(
            parsed.GetValue(_name) ?? (isNew ? context.Variable("PG_AUTOCTL_NODE_NAME") : null),
            HostName: null,
            Port: null,
            parsed.GetValue(_clientHostName) ?? (isNew ? context.Variable("PG_AUTOCTL_CLIENT_HOSTNAME") : null),
            parsed.GetValue(_clientPort) ?? (isNew ? ClientPort(context) : null)).Apply(config);
        config = CreateOptions.Set(
            config, ConfigKeys.UserName, parsed.GetValue(_userName) ?? (isNew ? context.Variable("PGUSER") ?? Environment.UserName : null));
        config = CreateOptions.Set(config, ConfigKeys.DbName, parsed.GetValue(_dbName) ?? (isNew ? context.Variable("PGDATABASE") : null));
        config = CreateOptions.Set(config, ConfigKeys.Host, parsed.GetValue(_pgHost) ?? (isNew ? context.Variable("PGHOST") : null));
        config = CreateOptions.Set(config, ConfigKeys.MaximumBackupRate, parsed.GetValue(_backupRate));
        return ApplyHbaLan(config, isNew, parsed, context);
    }

    /// <summary>How the node is to be registered.</summary>
    /// <exception cref="CommandFailure">An option or a variable has a value that it cannot have.</exception>
    public CreationOptions Creation(NodeConfig config, ParseResult parsed, CommandContext context) =>
        Creation(config, Priority(parsed, context), Quorum(parsed, context)) with { DesiredNodeId = parsed.GetValue(_nodeId) ?? -1 };

    private static CreationOptions Creation(NodeConfig config, int priority, bool quorum) => new()
    {
        FormationId = config[ConfigKeys.Formation]!,
        Name = config[ConfigKeys.Name] ?? "",
        Host = config[ConfigKeys.HostName]!,
        Port = config.Number(ConfigKeys.Port),
        DbName = config[ConfigKeys.DbName]!,
        PgData = config.PgData,
        DesiredGroupId = config.Number(ConfigKeys.Group),
        NodeKind = config[ConfigKeys.NodeKind]!,
        CandidatePriority = priority,
        ReplicationQuorum = quorum,
        Cluster = config[ConfigKeys.CitusClusterName] ?? "default",
    };

    private string Monitor(NodeConfig config, ParseResult parsed, CommandContext context)
    {
        if (parsed.GetValue(_nodeId) is not null)
        {
            throw CommandFailure.BadArguments("Option --node-id is for --disable-monitor: a monitor chooses the ids of its nodes");
        }

        if (config[ConfigKeys.Monitor] == ConfigKeys.MonitorDisabled)
        {
            throw CommandFailure.BadArguments(
                $"The node at \"{config.PgData}\" is run without a monitor", "\"pg_autoctl enable monitor URI\" registers it with one while it runs");
        }

        var uri = parsed.GetValue(_monitor) ?? context.Variable("PG_AUTOCTL_MONITOR") ?? config.MonitorUri
            ?? throw CommandFailure.BadArguments("Name the monitor of the node", "Use --monitor URI, as \"pg_autoctl show uri\" prints it on the monitor");
        return MonitorUri.Check(uri);
    }

    // PG_AUTOCTL_MONITOR may be set for other commands: it does not count here.
    private string NoMonitor(NodeConfig config, ParseResult parsed)
    {
        if (parsed.GetValue(_monitor) is not null)
        {
            throw CommandFailure.BadArguments("Options --monitor and --disable-monitor exclude each other");
        }

        if (parsed.GetValue(_nodeId) is not > 0)
        {
            throw CommandFailure.BadArguments("A node without a monitor needs an id of your choice", "Use --node-id N with --disable-monitor: 1 or more, different on each node of the group");
        }

        return config.MonitorUri is null
            ? ConfigKeys.MonitorDisabled
            : throw CommandFailure.BadArguments($"The node at \"{config.PgData}\" has a monitor", "\"pg_autoctl disable monitor\" has it let go of it");
    }

    private NodeConfig ApplyHbaLan(NodeConfig config, bool isNew, ParseResult parsed, CommandContext context)
    {
        var skipped = config[ConfigKeys.HbaLevel] == "skip";
        if (parsed.GetValue(_hbaLan) && skipped)
        {
            throw CommandFailure.BadArguments("Options --pg-hba-lan and --skip-pg-hba exclude each other");
        }

        // The second is how the manual of 2.0 spells it in its examples.
        return parsed.GetValue(_hbaLan) || (isNew && !skipped && (context.Flag("PG_AUTOCTL_PG_HBA_LAN") || context.Flag("PG_AUTOCTL_HBA_LAN")))
            ? config.With(ConfigKeys.HbaLevel, "app")
            : config;
    }

    private static int? ClientPort(CommandContext context) =>
        context.Variable("PG_AUTOCTL_CLIENT_PORT") is not { } text ? null
            : int.TryParse(text, out var port) && port is >= 0 and <= 65535 ? port
            : throw CommandFailure.BadArguments($"PG_AUTOCTL_CLIENT_PORT is \"{text}\": expected a number from 0 to 65535");

    private int Priority(ParseResult parsed, CommandContext context)
    {
        if (parsed.GetValue(_priority) is { } given)
        {
            return given;
        }

        return context.Variable("PG_AUTOCTL_CANDIDATE_PRIORITY") is not { } text ? DefaultPriority
            : int.TryParse(text, out var priority) && priority is >= 0 and <= 100 ? priority
            : throw CommandFailure.BadArguments($"PG_AUTOCTL_CANDIDATE_PRIORITY is \"{text}\": expected a number from 0 to 100");
    }

    private bool Quorum(ParseResult parsed, CommandContext context)
    {
        var text = parsed.GetValue(_quorum) ?? context.Variable("PG_AUTOCTL_REPLICATION_QUORUM") ?? "true";
        return BooleanText.TryParse(text, out var quorum)
            ? quorum
            : throw CommandFailure.BadArguments($"Value \"{text}\" of --replication-quorum is not valid: expected true or false");
    }
}
