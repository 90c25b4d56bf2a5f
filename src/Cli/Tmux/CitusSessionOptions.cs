using System.CommandLine;
using PgAutoFailover.Cli.CommandLine;

namespace PgAutoFailover.Cli.Tmux;

/// <summary>The options of 2.0 for sessions with Citus: known, so that whoever uses them is told what is the matter, and refused.</summary>
internal sealed class CitusSessionOptions
{
    private readonly Option<bool> _citus = NewOption.Flag("--citus", null, "refused: there are no nodes of Citus yet");
    private readonly Option<int?> _workers = NewOption.Number("--citus-workers", null, "ignored without --citus", 0, int.MaxValue);
    private readonly Option<int?> _secondaries = NewOption.Number("--citus-secondaries", null, "ignored without --citus", 0, int.MaxValue);

    public CitusSessionOptions(Command command)
    {
        Option[] options = [_citus, _workers, _secondaries];
        foreach (var option in options)
        {
            command.Options.Add(option);
        }
    }

    /// <exception cref="CommandFailure">A session with Citus is asked for.</exception>
    public void Refuse(ParseResult parsed)
    {
        if (parsed.GetValue(_citus))
        {
            throw CommandFailure.BadArguments("A session with Citus cannot be made: there are no coordinators and workers yet", "Leave --citus away for a formation of plain nodes");
        }
    }
}
