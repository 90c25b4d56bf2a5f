using Microsoft.Extensions.Logging;
using PgAutoFailover.Postgres.Files;
using PgAutoFailover.Postgres.Native;
using PgAutoFailover.Postgres.Postmasters;
using PgAutoFailover.Postgres.Server;
using PgAutoFailover.Postgres.Settings;

namespace PgAutoFailover.Postgres.Programs;

/// <summary>Makes a new cluster. One flush of the file system at the end is several times quicker than initdb's of each file.</summary>
internal sealed class InitDb(ProgramRunner programs, ILogger logger, TimeProvider time)
{
    public async Task RunAsync(PostgresOptions options, CancellationToken cancellationToken)
    {
        var directory = options.PgData;
        if (UnfinishedWork.Read(options) == UnfinishedWork.InitDb)
        {
            Log.RemovingUnfinished(logger, UnfinishedWork.InitDb, directory);
            await LeftoverPrograms.EndAsync(directory, cancellationToken);
            await Orphans.EndAsync(directory, logger, time, cancellationToken);
            ClusterFiles.Empty(directory);
        }
        else if (Directory.Exists(directory) && Directory.EnumerateFileSystemEntries(directory).Any())
        {
            throw new PostgresException($"the directory \"{directory}\" is not empty", "Choose another --pgdata, or empty it.");
        }

        Log.RunningInitDb(logger, directory);
        Directory.CreateDirectory(Path.GetDirectoryName(directory)!); // pgdata is not the root directory
        UnfinishedWork.Begin(options, UnfinishedWork.InitDb);
        await programs.RunAsync(Call(options), LogLevel.Debug, cancellationToken);
        if (options.IsMonitor)
        {
            MonitorSessions.Raise(directory);
        }

        Disk.FlushFileSystem(directory);
        UnfinishedWork.End(options);
    }

    // Without any locale in the environment initdb would choose SQL_ASCII, which stores whatever bytes it is given.
    private static ProgramCall Call(PostgresOptions options)
    {
        string[] variables = ["LC_ALL", "LC_CTYPE", "LANG"];
        string[] encoding = variables.Any(v => !string.IsNullOrEmpty(Environment.GetEnvironmentVariable(v))) ? [] : ["--encoding=UTF8"];
        return new ProgramCall(options.Program("initdb"), ["-D", options.PgData, "--auth=trust", "--no-sync", .. encoding]) { KeepsLocale = true };
    }
}
