using System.Diagnostics;

namespace PgAutoFailover.Harness.Processes;

/// <summary>
/// A process that goes on running, its output appended to a file. It gets a session of its own, so that Ctrl-C in the terminal of a
/// demo reaches the demo alone, which then stops the cluster in order.
/// </summary>
internal sealed class Service : IDisposable
{
    private readonly Process _process;

    private Service(Process process) => _process = process;

    internal int Pid => _process.Id;

    internal bool HasExited => _process.HasExited;

    internal int ExitCode => _process.ExitCode;

    internal static Service Start(
        IReadOnlyList<string> prefix, IReadOnlyList<string> command, IReadOnlyDictionary<string, string> environment, string directory, string log)
    {
        File.AppendAllText(log, $"\n### {string.Join(' ', command)}\n");

        // Every program of this chain replaces itself by the next, so the id seen here is the one of the command.
        string[] all = ["/bin/sh", "-c", "log=$0; exec \"$@\" >>\"$log\" 2>&1 </dev/null", log, .. prefix, "setsid", .. command];
        return new Service(Process.Start(Command.StartInfo(all, environment, directory))
            ?? throw new InvalidOperationException("could not start " + command[0]));
    }

    internal Task WaitForExitAsync(CancellationToken cancellationToken) => _process.WaitForExitAsync(cancellationToken);

    public void Dispose() => _process.Dispose();
}
