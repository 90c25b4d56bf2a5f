using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Logging;
using PgAutoFailover.Cli.Programs;

namespace PgAutoFailover.Cli.Tmux;

/// <summary>Docker, and its compose: a program of its own (<c>docker-compose</c>) where there is one, else docker's plugin.</summary>
internal sealed class ComposeProgram
{
    private readonly OtherProgram _docker;
    private readonly OtherProgram? _standalone;
    private readonly CommandContext _context;

    /// <exception cref="CommandFailure">There is no docker.</exception>
    public ComposeProgram(CommandContext context)
    {
        _docker = OtherProgram.Require("docker", context);
        _standalone = FindStandalone(context);
        _context = context;
    }

    /// <summary>How a person calls it.</summary>
    public static string CommandLine(CommandContext context) => FindStandalone(context) is null ? "docker compose" : "docker-compose";

    /// <summary>Makes the volumes of a session's containers.</summary>
    /// <exception cref="CommandFailure">One exists already, and may hold somebody's data; or docker refuses.</exception>
    public async Task CreateVolumesAsync(IReadOnlyCollection<string> volumes, CancellationToken cancellationToken)
    {
        var there = (await _docker.SucceedAsync(["volume", "ls", "--quiet"], cancellationToken)).Split('\n');
        if (volumes.FirstOrDefault(v => there.Contains(v, StringComparer.Ordinal)) is { } taken)
        {
            throw new CommandFailure(
                ExitCode.BadState,
                $"There is a docker volume \"{taken}\" already",
                $"If nobody needs what it holds: docker volume rm {string.Join(' ', volumes.Where(v => there.Contains(v, StringComparer.Ordinal)))}");
        }

        var made = new List<string>();
        try
        {
            foreach (var volume in volumes)
            {
                _context.Log.CreatingVolume(volume);
                await _docker.SucceedAsync(["volume", "create", volume], cancellationToken);
                made.Add(volume);
            }
        }
        catch (CommandFailure)
        {
            await RemoveVolumesAsync(made, cancellationToken);
            throw;
        }
    }

    public async Task RemoveVolumesAsync(IEnumerable<string> volumes, CancellationToken cancellationToken)
    {
        foreach (var volume in volumes)
        {
            _context.Log.RemovingVolume(volume);
            await _docker.SucceedAsync(["volume", "rm", volume], cancellationToken);
        }
    }

    /// <summary>Runs a command of compose in the directory of the session, and shows what it says.</summary>
    /// <exception cref="CommandFailure">It fails.</exception>
    public async Task RunAsync(string root, string verb, CancellationToken cancellationToken)
    {
        var exitCode = await (_standalone is null
            ? _docker.ShowAsync(["compose", verb], root, cancellationToken)
            : _standalone.ShowAsync([verb], root, cancellationToken));
        if (exitCode != 0)
        {
            throw new CommandFailure(
                ExitCode.Internal, $"\"{CommandLine(_context)} {verb}\" in \"{root}\" failed with exit code {exitCode}", "What it said stands above");
        }
    }

    private static OtherProgram? FindStandalone(CommandContext context) => OtherProgram.Find("docker-compose", context);
}
