using System.CommandLine;
using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Configuration;
using PgAutoFailover.Cli.Logging;

namespace PgAutoFailover.Cli.Commands;

/// <summary><c>show systemd</c></summary>
internal static class ShowSystemdCommand
{
    public static Command Create(CommandContext context)
    {
        var pgData = NewOption.PgData();
        var command = new Command("systemd") { pgData };
        command.SetAction(parsed =>
        {
            var local = LocalNode.Load(parsed.GetValue(pgData), context);
            var home = context.Variable("HOME") ?? Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
            context.Print(Unit(local.Paths.PgData, home, Environment.UserName, Environment.ProcessPath ?? "pg_autoctl"));
            context.Log.SystemdHint(local.Paths.PgData);
            return ExitCode.Ok;
        });
        return command;
    }

    /// <summary>The unit file, without its last line's end.</summary>
    internal static string Unit(string pgdata, string home, string user, string program) => $"""
        [Unit]
        Description = pg_auto_failover

        [Service]
        Type = notify
        NotifyAccess = main
        WorkingDirectory = {home}
        Environment = 'PGDATA={pgdata}'
        User = {user}
        ExecStart = {program} run
        Restart = always
        StartLimitBurst = 0
        ExecReload = {program} reload
        KillMode = process
        TimeoutStartSec = infinity
        TimeoutStopSec = 10min
        WatchdogSec = 30
        WatchdogSignal = SIGKILL
        OOMScoreAdjust = -900
        Environment = PG_OOM_ADJUST_FILE=/proc/self/oom_score_adj
        Environment = PG_OOM_ADJUST_VALUE=0
        LimitNOFILE = 65536

        [Install]
        WantedBy = multi-user.target
        """;
}
