using PgAutoFailover.Cli.CommandLine;

namespace PgAutoFailover.Cli.Tmux;

/// <summary>What a session takes over from the environment of whoever makes it.</summary>
/// <param name="Path">PATH in the panes.</param>
/// <param name="ExtraCommands">Commands of tmux, one a line; may be empty.</param>
internal sealed record SessionUser(string Path, string ExtraCommands)
{
    public static SessionUser Of(CommandContext context) => new(context.Variable("PATH") ?? "", context.Variable("TMUX_EXTRA_COMMANDS") ?? "");
}
