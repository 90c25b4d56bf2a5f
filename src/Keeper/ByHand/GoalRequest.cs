using System.Text;
using PgAutoFailover.Core.Vocabulary;
using PgAutoFailover.Keeper.State;

namespace PgAutoFailover.Keeper.ByHand;

/// <summary>
/// File <c>pg_autoctl.goal</c>: how an operator's command tells a running keeper without a monitor what its node is to be. The keeper alone writes
/// the state file, so what it remembers and what it is told cannot overwrite each other. Renamed before it is read: a goal that is given while
/// another one is being taken is not lost.
/// </summary>
/// <param name="path">The file.</param>
public sealed class GoalRequest(string path)
{
    private readonly string _taken = $"{path}.taken";

    /// <summary>Name of the file within its directory.</summary>
    public string FileName { get; } = Path.GetFileName(path);

    /// <summary>Asks; on return the request is durable.</summary>
    public void Ask(NodeState goal) => DurableFile.Write(path, Encoding.ASCII.GetBytes(goal.ToWire()));

    /// <summary>Takes a request back that nobody has taken up.</summary>
    public void Withdraw() => DurableFile.Delete(path);

    /// <summary>The goal that was asked for, and that stays until <see cref="Forget"/>; null where there is none.</summary>
    internal NodeState? Take()
    {
        try
        {
            File.Move(path, _taken, overwrite: true);
        }
        catch (FileNotFoundException)
        {
            // Nobody asks; but a process that ended too early may have left one that it had taken.
        }

        return File.Exists(_taken) && NodeStates.TryParse(File.ReadAllText(_taken), out var goal) ? goal : null;
    }

    /// <summary>The goal that was taken is in the state file now.</summary>
    internal void Forget() => DurableFile.Delete(_taken);

    /// <summary>Removes whatever was asked for.</summary>
    public void Clear()
    {
        Withdraw();
        Forget();
    }
}
