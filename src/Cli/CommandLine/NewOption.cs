using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace PgAutoFailover.Cli.CommandLine;

/// <summary>Makes the options that several commands have; each call makes a new one, since an option belongs to one command.</summary>
internal static class NewOption
{
    public static Option<string?> PgData() => Text("--pgdata", "-D", "data directory; default: $PGDATA");

    public static Option<string?> Monitor() => Text("--monitor", "-m", "URI of the monitor; default: $PG_AUTOCTL_MONITOR");

    public static Option<string?> Formation() => Text("--formation", "-f", "name of the formation; default: the node's own, else \"default\"");

    public static Option<int?> Group() => Number("--group", "-g", "number of the group", 0, int.MaxValue);

    public static Option<string?> Name() => Text("--name", "-a", "name of the node; default: the local node's");

    public static Option<string?> HostName() => Text("--hostname", "-n", "name or address by which other nodes reach this one");

    // Where both change, 2.0 has other letters for them.
    public static Option<string?> NewName() => new("--name", "-n", "-a") { Description = "new name of the node" };

    public static Option<string?> NewHostName() => Text("--hostname", "-H", HostName().Description!); // has one

    public static Option<bool> AllowFailover(string description) => new("--allow-failover", "-A", "-F") { Description = description };

    public static Option<int?> Port(string description = "port that PostgreSQL listens on") => Number("--pgport", "-p", description, 1, 65535);

    public static Option<string?> ClientHostName() => new("--client-hostname")
    {
        Description = "name or address by which applications reach this node; default: that of --hostname, which an empty value goes back to",

        // An empty value is none to the parser behind.
        Arity = ArgumentArity.ZeroOrOne,
        CustomParser = result => result.Tokens.Count == 0 ? "" : result.Tokens[0].Value,
    };

    public static Option<int?> ClientPort() =>
        Number("--client-port", null, "port by which applications reach this node; default: PostgreSQL's own, which 0 goes back to", 0, 65535);

    public static Option<bool> Json() => Flag("--json", "-J", "print JSON");

    public static Option<bool> Watch() => Flag("--watch", null, "show a dashboard that follows the changes; see \"pg_autoctl watch\"");

    public static Option<int> Wait(string description) => new("--wait", "-w")
    {
        Description = description,
        DefaultValueFactory = _ => 60,
        CustomParser = result => ParseNumber(result, "--wait", 0, int.MaxValue) ?? 0,
    };

    public static Option<bool> Flag(string name, string? letter, string description) =>
        letter is null ? new(name) { Description = description } : new(name, letter) { Description = description };

    public static Option<string?> Text(string name, string? letter, string description) =>
        letter is null ? new(name) { Description = description } : new(name, letter) { Description = description };

    public static Option<int?> Number(string name, string? letter, string description, int least, int most)
    {
        Option<int?> option = letter is null ? new(name) : new(name, letter);
        option.Description = description;
        option.CustomParser = result => ParseNumber(result, name, least, most);
        return option;
    }

    /// <summary>Reads a number of an option or argument; out of range or no number is an error of the command line.</summary>
    public static int? ParseNumber(ArgumentResult result, string name, int least, int most)
    {
        var text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
        if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most)
        {
            return number;
        }

        var expected = most == int.MaxValue ? $"a number, {least} or more" : $"a number from {least} to {most}";
        result.AddError($"Value \"{text}\" of {name} is not valid: expected {expected}");
        return null;
    }
}
