using System.Globalization;
using System.Text.RegularExpressions;
using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Files;
using PgAutoFailover.Cli.Logging;

namespace PgAutoFailover.Cli.Tmux;

/// <summary>The directory of a session: made when it is not there, removed when it holds nothing but what a session makes.</summary>
internal sealed partial class SessionDirectory(SessionPlace place, CommandContext context)
{
    /// <summary>The definition of a session's containers.</summary>
    public string ComposeFile => Path.Join(place.Root, "docker-compose.yml");

    private string ScriptFile => Path.Join(place.Root, string.Create(CultureInfo.InvariantCulture, $"script-{place.FirstPort}.tmux"));

    /// <exception cref="CommandFailure">There is something already, or it cannot be made.</exception>
    public void Create()
    {
        if (File.Exists(place.Root) || (Directory.Exists(place.Root) && Directory.EnumerateFileSystemEntries(place.Root).Any()))
        {
            throw new CommandFailure(
                ExitCode.BadState,
                $"\"{place.Root}\" exists already, and is not empty",
                $"Use another --root, or end what is there with \"pg_autoctl do tmux clean --root {place.Root}\"");
        }

        try
        {
            Directory.CreateDirectory(place.Root, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailure(ExitCode.Internal, $"Failed to create the directory \"{place.Root}\": {exception.Message}", inner: exception);
        }
    }

    /// <summary>Writes the script of the session, and returns its path.</summary>
    public string WriteScript(string script)
    {
        context.Log.WritingSessionFile(ScriptFile);
        AtomicFile.Write(ScriptFile, script, AtomicFile.Readable);
        return ScriptFile;
    }

    public void WriteComposeFile(string definition)
    {
        context.Log.WritingSessionFile(ComposeFile);
        AtomicFile.Write(ComposeFile, definition, AtomicFile.Readable);
    }

    /// <exception cref="CommandFailure">It holds something that no session has made: nothing is removed.</exception>
    public void RefuseIfForeign()
    {
        if (Directory.Exists(place.Root)
            && Directory.EnumerateFileSystemEntries(place.Root).Select(Path.GetFileName).FirstOrDefault(n => !OfSession().IsMatch(n ?? "")) is { } foreign)
        {
            throw new CommandFailure(
                ExitCode.BadState,
                $"\"{place.Root}\" is no directory of a session, or has become more than that: it holds \"{foreign}\"",
                "Check --root; nothing was removed");
        }
    }

    /// <summary>Removes it; one that is not there is no error.</summary>
    /// <exception cref="CommandFailure">It cannot be removed.</exception>
    public void Remove()
    {
        if (!Directory.Exists(place.Root))
        {
            return;
        }

        context.Log.Removing(place.Root);
        try
        {
            Directory.Delete(place.Root, recursive: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailure(ExitCode.Internal, $"Failed to remove \"{place.Root}\": {exception.Message}", inner: exception);
        }
    }

    [GeneratedRegex(@"^(monitor|node\d+|backup|config|share|run|script-\d+\.tmux|docker-compose\.yml)$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex OfSession();
}
