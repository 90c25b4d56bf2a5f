using PgAutoFailover.Cli.Commands;

namespace PgAutoFailover.Cli.CommandLine;

/// <summary>Every command of the program, in the order in which help lists them; those below <c>do</c> are in <see cref="DoCommandTree"/>.</summary>
internal static class CommandTree
{
    private const string NodeOptions = "[ --pgdata ] [ --json ] [ --formation ] [ --name ]";
    private const string MonitorOptions = "[ --pgdata | --monitor ]";
    private const string SslOptions = "[ --pgdata ] [ --json ] ( --ssl-self-signed | --server-key --server-cert | --no-ssl )";

    public static IReadOnlyList<CommandEntry> All { get; } =
    [
        new("create", "Create a monitor, a node, or a formation"),
        new("create monitor", "Create and configure the PostgreSQL instance of a monitor",
            "--pgdata --hostname ( --auth | --skip-pg-hba ) ( --ssl-self-signed | --server-key --server-cert | --no-ssl ) [ --run ]", CreateMonitorCommand.Create),
        new("create postgres", "Create a PostgreSQL node, and register it with a monitor where it has one",
            "--pgdata ( --monitor | --disable-monitor --node-id ) ( --auth | --skip-pg-hba ) ( --ssl-self-signed | --server-key --server-cert | --no-ssl ) [ --run ]", CreatePostgresCommand.Create),
        new("create formation", "Create a formation on the monitor",
            $"{MonitorOptions} --formation --kind [ --dbname ] [ --enable-secondary | --disable-secondary ]", CreateFormationCommand.Create),
        NotThereYet("create coordinator"),
        NotThereYet("create worker"),
        NotThereYet("activate"),
        new("drop", "Drop a monitor, a node, or a formation"),
        new("drop monitor", "Stop a monitor, and with --destroy remove it", "[ --pgdata ] [ --destroy ]", DropMonitorCommand.Create)
        {
            Ignored = [IgnoredOption.Force, IgnoredOption.Formation, IgnoredOption.Monitor, IgnoredOption.Wait],
        },
        new("drop node", "Remove a node from the monitor, and with --destroy from this machine",
            "[ --pgdata | --monitor ] [ --formation --name | --hostname --pgport ] [ --destroy ] [ --force ] [ --wait ]", DropNodeCommand.Create),
        new("drop formation", "Drop a formation that has no node", $"{MonitorOptions} --formation", DropFormationCommand.Create),
        new("config", "Read and change the configuration file"),
        new("config check", "Check the configuration against what is running", "[ --pgdata ] [ --json ]", ConfigCheckCommand.Create),
        new("config get", "Show the configuration, or the value of one setting", "[ --pgdata ] [ --json ] [ section.key ]", ConfigGetCommand.Create),
        new("config set", "Change one setting", "[ --pgdata ] [ --json ] section.key value", ConfigSetCommand.Create),
        new("show", "Show nodes, their states and their files"),
        new("show uri", "Show connection strings of the monitor and of formations", $"{MonitorOptions} [ --formation ] [ --json ]", ShowUriCommand.Create),
        new("show events", "Show the monitor's last events", $"{MonitorOptions} [ --formation ] [ --group ] [ --count ] [ --json | --watch ]", ShowEventsCommand.Create) { Ignored = [IgnoredOption.Local] },
        new("show state", "Show the nodes of a formation and their states", $"{MonitorOptions} [ --formation ] [ --group ] [ --local ] [ --json | --watch ]", ShowStateCommand.Create) { Ignored = [IgnoredOption.Count] },
        new("show settings", "Show the replication settings of a formation", $"{MonitorOptions} [ --formation ] [ --json ]", ShowSettingsCommand.Create) { Ignored = [IgnoredOption.NodeName] },
        new("show standby-names", "Show the synchronous_standby_names of a group", $"{MonitorOptions} [ --formation ] [ --group ] [ --json ]", ShowStandbyNamesCommand.Create),
        new("show file", "Show the files of a node", "[ --pgdata ] [ --all | --config | --state | --init | --pid ] [ --contents ] [ --json ]", ShowFileCommand.Create),
        new("show systemd", "Print a systemd unit for this node", "[ --pgdata ]", ShowSystemdCommand.Create),
        new("enable", "Enable a feature"),
        new("enable secondary", "Allow secondaries in a formation", $"{MonitorOptions} --formation", SecondaryCommand.CreateEnable) { Ignored = [IgnoredOption.AllowFailover] },
        new("enable maintenance", "Put this node in maintenance", "[ --pgdata ] [ --allow-failover ] [ --skip-hooks ]", MaintenanceCommand.CreateEnable),
        new("enable ssl", "Change how connections of this monitor or node are encrypted", SslOptions, SslCommand.CreateEnable),
        new("enable monitor", "Register this node with a monitor, after its old one was disabled", "[ --pgdata ] [ --allow-failover ] <uri>", EnableMonitorCommand.Create),
        new("disable", "Disable a feature"),
        new("disable secondary", "Refuse secondaries in a formation", $"{MonitorOptions} --formation", SecondaryCommand.CreateDisable) { Ignored = [IgnoredOption.AllowFailover] },
        new("disable maintenance", "Take this node out of maintenance", "[ --pgdata ]", MaintenanceCommand.CreateDisable) { Ignored = [IgnoredOption.AllowFailover] },
        new("disable ssl", "Stop encrypting connections of this monitor or node", "[ --pgdata ] [ --json ] [ --ssl-mode ]", SslCommand.CreateDisable),
        new("disable monitor", "Run this node without its monitor", "[ --pgdata ] [ --force ]", DisableMonitorCommand.Create),
        new("get", "Read settings of nodes and formations"),
        new("get node", "Read a setting of a node"),
        new("get node replication-quorum", "Show whether a node takes part in the quorum", NodeOptions, GetNodeSettingCommand.CreateReplicationQuorum),
        new("get node candidate-priority", "Show a node's candidate priority", NodeOptions, GetNodeSettingCommand.CreateCandidatePriority),
        new("get formation", "Read settings of a formation"),
        new("get formation settings", "Show the replication settings of a formation", $"{MonitorOptions} [ --formation ] [ --json ]", ShowSettingsCommand.Create) { Ignored = [IgnoredOption.NodeName] },
        new("get formation number-sync-standbys", "Show how many standbys must confirm a commit", $"{MonitorOptions} [ --formation ] [ --json ]", NumberSyncStandbysCommand.CreateGet) { Ignored = [IgnoredOption.NodeName] },
        new("set", "Change settings of nodes and formations"),
        new("set node", "Change a setting of a node"),
        new("set node metadata", "Change a node's name, or where others find it", "[ --pgdata ] [ --json ] [ --name ] [ --hostname ] [ --pgport ] [ --client-hostname ] [ --client-port ]", SetNodeMetadataCommand.Create),
        new("set node replication-quorum", "Choose whether a node takes part in the quorum", $"{NodeOptions} <true|false>", SetNodeSettingCommand.CreateReplicationQuorum),
        new("set node candidate-priority", "Change a node's candidate priority", $"{NodeOptions} <0..100>", SetNodeSettingCommand.CreateCandidatePriority),
        new("set formation", "Change settings of a formation"),
        new("set formation number-sync-standbys", "Change how many standbys must confirm a commit", $"{MonitorOptions} [ --formation ] [ --json ] <number>", NumberSyncStandbysCommand.CreateSet) { Ignored = [IgnoredOption.NodeName] },
        new("perform", "Have the monitor do something now"),
        new("perform failover", "Fail over from the primary of a group", $"{MonitorOptions} [ --formation ] [ --group ] [ --wait ] [ --skip-hooks ]", PerformFailoverCommand.CreateFailover),
        new("perform switchover", "Same as perform failover", $"{MonitorOptions} [ --formation ] [ --group ] [ --wait ] [ --skip-hooks ]", PerformFailoverCommand.CreateSwitchover),
        new("perform promotion", "Make a given node the primary", $"{MonitorOptions} [ --formation ] [ --name ] [ --wait ] [ --json ] [ --skip-hooks ]", PerformPromotionCommand.Create),
        new("run", "Run the service of a monitor or of a node", "[ --pgdata ] [ --name ] [ --hostname ] [ --pgport ]", RunCommand.Create) { Ignored = [IgnoredOption.Json] },
        new("stop", "Stop the service that runs for a data directory", "[ --pgdata ] [ --fast | --immediate ]", StopCommand.Create),
        new("reload", "Have the running service read its configuration again", "[ --pgdata ]", ReloadCommand.Create) { Ignored = [IgnoredOption.Json] },
        new("status", "Tell whether the service and PostgreSQL run", "[ --pgdata ] [ --json ]", StatusCommand.Create),
        new("watch", "Show a dashboard of a formation that follows the changes", $"{MonitorOptions} [ --formation ] [ --group ]", WatchCommand.Create),
        new("explain", "Tell why a group is as it is, and what would happen if a node were lost",
            $"{MonitorOptions} [ --formation ] [ --group ] [ --if-lost ] [ --json ]", ExplainCommand.Create),
        new("completion", "Complete command lines in a shell"),
        new("completion bash", "Print the script that completes command lines in bash", "", CompletionCommand.CreateBash),
        new("completion zsh", "Print the script that completes command lines in zsh", "", CompletionCommand.CreateZsh),
        new("completion nodes", "Print the names of a formation's nodes, where the monitor answers within a second", $"{MonitorOptions} [ --formation ]", CompletionCommand.CreateNodes),
        new("completion formations", "Print the names of the formations, where the monitor answers within a second", MonitorOptions, CompletionCommand.CreateFormations),
        new("help", "Show all commands"),
        new("version", "Show versions", "[ --pgdata ] [ --json ]", VersionCommand.Create),
    ];

    /// <summary>What a terminal is shown: the commands below <c>do</c> only where it is being debugged.</summary>
    public static IEnumerable<CommandEntry> Shown(CommandContext context) => context.IsDebug ? All.Concat(DoCommandTree.All) : All;

    public static CommandEntry? Find(string path) => InTreeOf(path).FirstOrDefault(e => e.Path == path);

    public static IEnumerable<CommandEntry> ChildrenOf(string path) => InTreeOf(path).Where(e => e.IsChildOf(path));

    /// <summary>A command of 2.0 for nodes of Citus.</summary>
    public static CommandEntry NotThereYet(string path) =>
        new(path, "Not there yet, for nodes of Citus: says so", "[ words ]", _ => NotThereYetCommand.Create(path)) { TakesAnything = true };

    // The second tree is only built for those who ask for it: every other start is the shorter for it.
    private static IReadOnlyList<CommandEntry> InTreeOf(string path) => DoCommandTree.Has(path) ? DoCommandTree.All : All;
}
