using System.CommandLine;
using System.Globalization;
using PgAutoFailover.Cli.Commands.Do;

namespace PgAutoFailover.Cli.CommandLine;

/// <summary>
/// The commands below <c>do</c>: single steps of what the service does by itself, for tests and for the bad day. They are there where
/// PG_AUTOCTL_DEBUG is set, and nowhere else, so that nobody comes upon them by chance.
/// </summary>
internal static class DoCommandTree
{
    private const string Root = "do";
    private const string UpstreamOptions = "[ --pgdata ] ( --host --port | host port ) [ --username ] [ --dbname ]";
    private const string MonitorOptions = "[ --pgdata | --monitor ]";
    private const string SessionOptions = "[ --root ] [ --first-pgport ] [ --nodes ] [ --async-nodes ] [ --node-priorities ] [ --sync-standbys ] [ --skip-pg-hba ] [ --layout ] [ --binpath ]";
    private const string SessionPlaceOptions = "[ --root ] [ --first-pgport ]";
    private const string DemoOptions = "[ --formation ] [ --group ] [ --username ] [ --clients ] [ --duration ]";

    public static IReadOnlyList<CommandEntry> All { get; } =
    [
        new(Root, "Do single steps of what the service does by itself"),
        new("do monitor", "Call a monitor's functions, one at a time"),
        new("do monitor get", "Ask a monitor about nodes"),
        new("do monitor get primary", "Show the primary of a group", $"{MonitorOptions} [ --formation ] [ --group ] [ --json ]", DoMonitorGetPrimaryCommand.Create),
        new("do monitor get others", "Show the other nodes of the local node's group", "[ --pgdata ] [ --json ]", DoMonitorGetOthersCommand.Create),
        new("do monitor get candidate-count", "Show how many nodes of a group could take over from its primary", $"{MonitorOptions} [ --formation ] [ --group ] [ --json ]", DoMonitorGetCandidateCountCommand.Create),
        new("do monitor get coordinator", "Show the coordinator of a citus formation", $"{MonitorOptions} [ --formation ] [ --json ]", DoMonitorGetCoordinatorCommand.Create),
        new("do monitor register", "Register a node that is configured and has never been registered, or was dropped", "[ --pgdata ]", DoMonitorRegisterCommand.Create) { Ignored = [IgnoredOption.Json] },
        new("do monitor active", "Report once what the local node is, and show what the monitor wants it to be", "[ --pgdata ]", DoMonitorActiveCommand.Create) { Ignored = [IgnoredOption.Json] },
        new("do monitor version", "Show the version of the monitor's functions", MonitorOptions, DoMonitorVersionCommand.Create) { Ignored = [IgnoredOption.Json] },
        new("do monitor parse-notification", "Show what a message of the monitor's channel \"state\" says", "message", DoMonitorParseNotificationCommand.Create),
        new("do fsm", "Look at the keeper's state machine, and drive it by hand"),
        new("do fsm init", "Make the state file of a node without a monitor anew", "[ --pgdata ] [ --node-id ]", DoFsmInitCommand.Create),
        new("do fsm state", "Show the local PostgreSQL and the keeper's state as JSON", "[ --pgdata ]", DoFsmStateCommand.Create),
        new("do fsm list", "Show the states that the keeper can go to from where it is", "[ --pgdata ]", DoFsmListCommand.Create) { Ignored = [IgnoredOption.Json] },
        new("do fsm gv", "Print the keeper's whole table for graphviz", "", DoFsmGvCommand.Create),
        new("do fsm assign", "Tell a running node without a monitor what it is to be, and wait up to 30 s until it is", "[ --pgdata ] goal-state", DoFsmAssignCommand.Create),
        new("do fsm step", "Carry out one transition that the monitor asks for, without the service", "[ --pgdata ]", DoFsmStepCommand.Create),
        new("do fsm nodes", "The list of nodes that a node without a monitor has"),
        new("do fsm nodes get", "Show the list of nodes", "[ --pgdata ] [ --json ]", DoFsmNodesGetCommand.Create),
        new("do fsm nodes set", "Replace the list of nodes by the one in a file", "[ --pgdata ] nodes.json", DoFsmNodesSetCommand.Create) { Ignored = [IgnoredOption.Json] },
        new("do primary", "Single steps on a primary"),
        new("do primary slot", "Replication slots of the local primary"),
        new("do primary slot create", "Create a physical replication slot, of a node by its id or of any name", "[ --pgdata ] node-id | name", DoPrimarySlotCommand.CreateCreate) { Ignored = IgnoredOption.OfCreation },
        new("do primary slot drop", "Drop a replication slot", "[ --pgdata ] node-id | name", DoPrimarySlotCommand.CreateDrop) { Ignored = IgnoredOption.OfCreation },
        new("do primary adduser", "Roles of the local primary"),
        new("do primary adduser monitor", "Create the role with which a monitor checks the node's health", "[ --pgdata ]", DoPrimaryAddUserCommand.CreateMonitor) { Ignored = IgnoredOption.OfCreation },
        new("do primary adduser replica", "Create the role with which nodes follow each other", "[ --pgdata ]", DoPrimaryAddUserCommand.CreateReplica) { Ignored = IgnoredOption.OfCreation },
        new("do primary defaults", "Write the settings that a node has", "[ --pgdata ]", DoPrimaryDefaultsCommand.Create) { Ignored = IgnoredOption.OfCreation },
        new("do primary identify", "Ask a server over a replication connection which cluster it is, and where its WAL ends", $"{UpstreamOptions} [ --json ]", DoPrimaryIdentifyCommand.Create) { Ignored = IgnoredOption.OfCreation },
        new("do primary identify system", "Same as do primary identify", $"{UpstreamOptions} [ --json ]", DoPrimaryIdentifyCommand.CreateSystem) { Ignored = IgnoredOption.OfCreation },
        new("do standby", "Single steps on a standby, or on what is to become one"),
        new("do standby init", "Make a base backup for a node that is to become a standby", UpstreamOptions, DoStandbyInitCommand.Create) { Ignored = IgnoredOption.OfCreation },
        new("do standby rewind", "Turn a stopped former primary into a standby of another server, with pg_rewind", UpstreamOptions, DoStandbyRewindCommand.Create) { Ignored = IgnoredOption.OfCreation },
        new("do standby crash-recovery", "Finish the recovery of a stopped node that crashed, and shut it down", "[ --pgdata ]", DoStandbyCrashRecoveryCommand.Create) { Ignored = IgnoredOption.OfCreation },
        new("do standby promote", "Promote the local standby, of which no monitor knows", "[ --pgdata ]", DoStandbyPromoteCommand.Create) { Ignored = IgnoredOption.OfCreation },
        new("do show", "Show how this machine's addresses and names are found out"),
        new("do show ipaddr", "Show the address that this machine has on the way to others", "[ host ]", DoShowIpaddrCommand.Create),
        new("do show cidr", "Show the network of that address, as HBA rules name it", "[ host ]", DoShowCidrCommand.Create),
        new("do show lookup", "Show which address of this machine a host name stands for", "host", DoShowLookupCommand.Create),
        new("do show hostname", "Show the name by which other nodes would be told to reach this machine", "[ host | monitor's URI ]", DoShowHostnameCommand.Create),
        new("do show reverse", "Check that a host name resolves to an address and back, as PostgreSQL's HBA rules need it", "host", DoShowReverseCommand.Create),
        new("do show version", "Show the versions of this program and of its SQL functions", "", DoShowVersionCommand.Create),
        new("do pgsetup", "Look at a PostgreSQL of this machine"),
        new("do pgsetup pg_ctl", "Show which PostgreSQL a create command would use", "[ --pgdata ]", DoPgSetupPgCtlCommand.Create) { Ignored = IgnoredOption.OfCreation },
        new("do pgsetup discover", "Show what is known of a PostgreSQL, whether it runs or not", "[ --pgdata ] [ --json ]", DoPgSetupDiscoverCommand.Create) { Ignored = IgnoredOption.OfCreation },
        new("do pgsetup ready", "Tell whether PostgreSQL accepts sessions: exit code 0, else 4", "[ --pgdata ]", DoPgSetupReadyCommand.Create) { Ignored = IgnoredOption.OfCreation },
        new("do pgsetup wait", "Wait up to 30 s until PostgreSQL accepts sessions: exit code 0, else 4", "[ --pgdata ]", DoPgSetupWaitCommand.Create) { Ignored = IgnoredOption.OfCreation },
        new("do pgsetup logs", "Show PostgreSQL's newest log", "[ --pgdata ]", DoPgSetupLogsCommand.CreateLogs) { Ignored = IgnoredOption.OfCreation },
        new("do pgsetup startup", "Show what PostgreSQL said when it was started", "[ --pgdata ]", DoPgSetupLogsCommand.CreateStartup) { Ignored = IgnoredOption.OfCreation },
        new("do pgsetup tune", "Show the settings that would be computed for this machine now", "[ --pgdata ]", DoPgSetupTuneCommand.Create) { Ignored = IgnoredOption.OfCreation },
        new("do pgctl", "Start and stop PostgreSQL while the service leaves it alone"),
        new("do pgctl on", "Start PostgreSQL of a node in maintenance", "[ --pgdata ]", DoPgCtlCommand.CreateOn) { Ignored = [IgnoredOption.Json] },
        new("do pgctl off", "Stop PostgreSQL of a node in maintenance, or one that was left running", "[ --pgdata ]", DoPgCtlCommand.CreateOff) { Ignored = [IgnoredOption.Json] },
        new("do service", "Look at and restart the services of a running pg_autoctl"),
        new("do service getpid", "Show in which process a service runs"),
        .. ForEachService("do service getpid", "Show the pid of the process in which {0} runs", DoServiceGetPidCommand.Create),
        new("do service restart", "Restart one service, and leave the others alone"),
        .. ForEachService("do service restart", "Restart {0}", DoServiceRestartCommand.Create),
        new("do demo", "An application that writes while failovers happen, and measures what it notices"),
        new("do demo run", "Run the application, ask for failovers meanwhile, and show how long its clients took to connect", $"{MonitorOptions} {DemoOptions} [ --first-failover ] [ --failover-freq ] [ --no-failover ]", DoDemoRunCommand.Create),
        new("do demo uri", "Show the connection string that the application uses", $"{MonitorOptions} {DemoOptions}", DoDemoUriCommand.Create),
        new("do demo ping", "Connect once as the application does", $"{MonitorOptions} {DemoOptions}", DoDemoPingCommand.Create),
        new("do demo summary", "Show what the latest run has measured", $"{MonitorOptions} {DemoOptions}", DoDemoSummaryCommand.Create),
        new("do tmux", "A cluster on this machine, in the panes of a tmux session"),
        new("do tmux compose", "The same in containers, with docker compose"),
        new("do tmux compose config", "Print the definition of the containers", SessionOptions, DoTmuxComposeConfigCommand.Create),
        new("do tmux compose script", "Print the script of the session, without making one", SessionOptions, DoTmuxComposeScriptCommand.Create),
        new("do tmux compose session", "Make the containers and a session that shows them, and end them when it is left", SessionOptions, DoTmuxComposeSessionCommand.Create),
        new("do tmux script", "Print the script of a session, without making one", SessionOptions, DoTmuxScriptCommand.Create),
        new("do tmux session", "Make a session with a cluster, and stop the cluster when it is left", SessionOptions, DoTmuxSessionCommand.Create),
        new("do tmux stop", "Stop the services of a session", SessionPlaceOptions, DoTmuxStopCommand.Create),
        new("do tmux wait", "Wait up to 300 s until a node of a session is registered, or in a state; without a node: until there are a primary and its secondaries", "[ option ... ] [ nodename [ targetState ] ]", DoTmuxWaitCommand.Create),
        new("do tmux clean", "Stop the services of a session, end it, and remove its directory", SessionPlaceOptions, DoTmuxCleanCommand.Create),
        CommandTree.NotThereYet("do coordinator"),
        new("do azure", "Retired: says so", "[ words ]", _ => DoAzureCommand.Create()) { TakesAnything = true },
    ];

    private static IEnumerable<CommandEntry> ForEachService(string path, string summary, Func<string, CommandContext, Command> create)
    {
        (string Name, string Meaning)[] services =
        [
            ("postgres", "PostgreSQL's supervision"), ("listener", "a monitor's service"), ("node-active", "a node's keeper"),
        ];
        return services.Select(s => new CommandEntry(
            $"{path} {s.Name}", string.Format(CultureInfo.InvariantCulture, summary, s.Meaning), "[ --pgdata ]", context => create(s.Name, context))
        {
            Ignored = [IgnoredOption.Json],
        });
    }

    /// <summary>Whether words of the command line lead here.</summary>
    public static bool Has(string path) => path == Root || path.StartsWith($"{Root} ", StringComparison.Ordinal);
}
