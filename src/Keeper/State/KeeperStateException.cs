namespace PgAutoFailover.Keeper.State;

/// <summary>A state file that cannot be trusted (exit code 3). Nothing is guessed from it.</summary>
/// <param name="path">The file.</param>
/// <param name="problem">What is wrong with it.</param>
public sealed class KeeperStateException(string path, string problem, Exception? inner = null)
    : Exception($"cannot use state file \"{path}\": {problem}", inner)
{
    public string Path { get; } = path;

    /// <summary>What an operator can do.</summary>
    public string Hint { get; } =
        "Restore the file from a backup, or remove it and run \"pg_autoctl create\" again: the monitor knows the node's state";
}
