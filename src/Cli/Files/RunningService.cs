using PgAutoFailover.Cli.Configuration;

namespace PgAutoFailover.Cli.Files;

/// <summary>The <c>pg_autoctl run</c> of a data directory, as its pidfile tells.</summary>
internal sealed class RunningService(PidFileContent content)
{
    public PidFileContent Content { get; } = content;

    public int Pid => Content.Pid;

    /// <summary>Null where none runs.</summary>
    public static RunningService? Find(ConfigPaths paths) => PidFile.ReadLive(paths.PidFile) is { } content ? new RunningService(content) : null;

    public void Send(Signal signal) => Signals.Send(Pid, signal);

    public Task<bool> WaitForEndAsync(TimeSpan limit, TimeProvider time, CancellationToken cancellationToken) =>
        Signals.WaitForEndAsync(Pid, limit, time, cancellationToken);
}
