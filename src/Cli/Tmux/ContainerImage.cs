namespace PgAutoFailover.Cli.Tmux;

/// <summary>Where the image of a session's containers comes from.</summary>
internal static class ContainerImage
{
    /// <summary>The current directory, where it holds a Dockerfile; else null: then the image has to be there already.</summary>
    public static string? FindBuildContext() => File.Exists(Path.Join(Environment.CurrentDirectory, "Dockerfile")) ? Environment.CurrentDirectory : null;
}
