using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Logging;
using PgAutoFailover.Core.Vocabulary;
using PgAutoFailover.Keeper.Monitor;

namespace PgAutoFailover.Cli.Services;

/// <summary>
/// Compares the version of the monitor's program with this one's, as 2.0 does at each connection. Where they differ, and the program on disk has
/// been replaced too, that is to go on; else this one does, and says so once.
/// </summary>
internal sealed class VersionWatch(NpgsqlMonitorClient monitor, CommandContext context)
{
    private const string Foreign = "";
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(10);

    /// <summary>Returns when another program is to go on.</summary>
    /// <param name="mayEnd">False while the keeper is in the middle of something that would have to be begun anew.</param>
    public async Task RunAsync(Func<bool> mayEnd, CancellationToken cancellationToken)
    {
        var told = ProgramVersion.Text;
        while (true)
        {
            var version = await AskAsync(told, cancellationToken);
            if (version != ProgramVersion.Text && version != Foreign && mayEnd() && await Successor.FindAsync(context.Time, cancellationToken) is { } successor)
            {
                context.Log.MonitorHasOtherVersion(version, ProgramVersion.Text, $"pg_autoctl {successor} is installed, and goes on");
                return;
            }

            if (version != told)
            {
                Tell(version);
                told = version;
            }

            await Task.Delay(s_pause, context.Time, cancellationToken);
        }
    }

    private void Tell(string version)
    {
        if (version == Foreign)
        {
            context.Log.CommandFailed("The monitor is one of pg_auto_failover 2.0, to which this keeper cannot report: PostgreSQL is kept as it is");
            context.Log.CommandHint("Move the node to a monitor of this program: docs/operations/moving-from-2.0.md");
        }
        else if (version != ProgramVersion.Text)
        {
            context.Log.MonitorHasOtherVersion(version, ProgramVersion.Text, "this keeper works on; install that version here, and it is taken up without a restart");
        }
    }

    private async Task<string> AskAsync(string last, CancellationToken cancellationToken)
    {
        try
        {
            return await monitor.GetProgramVersionAsync(cancellationToken) ?? Foreign;
        }
        catch (MonitorException)
        {
            // The keeper says what is the matter.
            return last;
        }
    }
}
