namespace PgAutoFailover.Postgres.Postmasters;

/// <summary>What a postmaster writes into <c>postmaster.pid</c>.</summary>
/// <param name="SocketDirectory">Empty where it listens on no Unix socket.</param>
/// <param name="ListenAddress">Its first TCP address, empty for none.</param>
internal sealed record PostmasterPidFile(int Pid, int Port, string SocketDirectory, string ListenAddress, PostmasterStatus Status)
{
    public static string PathIn(string pgData) => Path.Combine(pgData, "postmaster.pid");

    /// <summary>Null where there is no file, or one that a postmaster has only begun to write.</summary>
    public static PostmasterPidFile? Read(string pgData)
    {
        string[] lines;
        try
        {
            lines = File.ReadAllLines(PathIn(pgData));
        }
        catch (IOException)
        {
            return null;
        }

        if (lines.Length == 0 || !int.TryParse(lines[0], out var pid))
        {
            return null;
        }

        // While a cluster is being made, the pid of the standalone backend is written as a negative number.
        return new PostmasterPidFile(
            Math.Abs(pid),
            lines.Length > 3 && int.TryParse(lines[3], out var port) ? port : 0,
            lines.Length > 4 ? lines[4] : "",
            lines.Length > 5 ? lines[5] : "",
            lines.Length > 7 ? ParseStatus(lines[7]) : PostmasterStatus.Starting);
    }

    private static PostmasterStatus ParseStatus(string word) => word.Trim() switch
    {
        "ready" => PostmasterStatus.Ready,
        "standby" => PostmasterStatus.Standby,
        "stopping" => PostmasterStatus.Stopping,
        _ => PostmasterStatus.Starting,
    };
}

/// <summary>Status word of <c>postmaster.pid</c>.</summary>
internal enum PostmasterStatus
{
    Starting,

    /// <summary>Accepts connections; a hot standby too.</summary>
    Ready,

    /// <summary>In recovery, and set up not to accept connections there.</summary>
    Standby,
    Stopping,
}
