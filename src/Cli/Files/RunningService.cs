using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Configuration;

namespace PgAutoFailover.Cli.Files;

/// <summary>The <c>pg_autoctl run</c> of a data directory, as its pidfile tells.</summary>
internal sealed class RunningService(PidFileContent content)
{
    public PidFileContent Content { get; } = content;

    public int Pid => Content.Pid;

    /// <summary>Null where none runs.</summary>
    public static RunningService? Find(ConfigPaths paths) => PidFile.ReadLive(paths.PidFile) is { } content ? new RunningService(content) : null;

    /// <summary>The one that a command is to signal.</summary>
    /// <exception cref="CommandFailure">None runs; where there is no configuration either, the directory is likely to be the wrong one.</exception>
    public static RunningService Require(ConfigPaths paths) => Find(paths)
        ?? throw (File.Exists(paths.ConfigFile)
            ? new CommandFailure(ExitCode.Internal, $"No pg_autoctl is running for \"{paths.PgData}\"")
            : LocalNode.NotConfigured(paths));

    public void Send(Signal signal) => Signals.Send(Pid, signal);

    public Task<bool> WaitForEndAsync(TimeSpan limit, TimeProvider time, CancellationToken cancellationToken) =>
        Signals.WaitForEndAsync(Pid, limit, time, cancellationToken);
}
