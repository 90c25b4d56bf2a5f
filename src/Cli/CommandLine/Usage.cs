using System.CommandLine;

namespace PgAutoFailover.Cli.CommandLine;

/// <summary>Help texts.</summary>
internal static class Usage
{
    /// <summary>The options that every command has.</summary>
    public static IReadOnlyList<(string Left, string Right)> Everywhere { get; } =
    [
        ("-v, --verbose", "say more; twice: debug, three times: trace"),
        ("-q, --quiet", "say errors only"),
        ("-V, --version", "print the version and exit"),
        ("-h, --help", "print this help and exit"),
    ];

    /// <summary>The whole tree, as <c>pg_autoctl help</c> prints it.</summary>
    public static void WriteTree(TextWriter writer, CommandContext context)
    {
        var shown = CommandTree.Shown(context).ToList();
        writer.WriteLine("pg_autoctl: high availability for PostgreSQL");
        writer.WriteLine();
        foreach (var top in shown.Where(e => e.IsChildOf("")))
        {
            writer.WriteLine(shown.Exists(e => e.IsChildOf(top.Path)) ? $"  {top.Name}" : $"  {top.Name,-12} {top.Summary}");
            foreach (var leaf in shown.Where(e => !e.IsGroup && e.Path.StartsWith($"{top.Path} ", StringComparison.Ordinal)))
            {
                writer.WriteLine($"    {leaf.Path[(top.Path.Length + 1)..],-32} {leaf.Summary}");
            }
        }
    }

    /// <summary>The subcommands of a group; of the program itself for an empty path.</summary>
    public static void WriteGroup(TextWriter writer, string path, CommandContext context)
    {
        writer.WriteLine($"usage: pg_autoctl {path}{(path.Length == 0 ? "" : " ")}[ --verbose --quiet ] <command>");
        writer.WriteLine();
        foreach (var child in CommandTree.Shown(context).Where(e => e.IsChildOf(path)))
        {
            writer.WriteLine($"  {child.Name,-22} {child.Summary}");
        }
    }

    /// <summary>Options of one command.</summary>
    public static void WriteCommand(TextWriter writer, CommandEntry entry, Command command)
    {
        writer.WriteLine($"usage: pg_autoctl {entry.Path} {entry.Synopsis}".TrimEnd());
        writer.WriteLine();
        writer.WriteLine(entry.Summary);
        writer.WriteLine();
        foreach (var (left, right) in command.Options.Where(o => !o.Hidden).Select(Describe).Concat(Everywhere))
        {
            writer.WriteLine($"  {left,-26} {right}");
        }
    }

    private static (string Left, string Right) Describe(Option option) =>
        (option.Aliases.FirstOrDefault() is { } letter ? $"{letter}, {option.Name}" : $"    {option.Name}", option.Description ?? "");
}
