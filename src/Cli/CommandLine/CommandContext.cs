using Microsoft.Extensions.Logging;

namespace PgAutoFailover.Cli.CommandLine;

/// <summary>What a command has of the outside world: where it writes, its environment, its clock.</summary>
/// <param name="Out">Results.</param>
/// <param name="Log">Talk, on stderr.</param>
/// <param name="Loggers">Loggers for the parts that the command composes; they write where <paramref name="Log"/> does.</param>
/// <param name="Environment">Value of an environment variable, null where it is not set.</param>
internal sealed record CommandContext(
    TextWriter Out,
    ILogger Log,
    ILoggerFactory Loggers,
    Func<string, string?> Environment,
    TimeProvider Time)
{
    /// <summary>PG_AUTOCTL_DEBUG is set, to whatever: the commands below <c>do</c> are there.</summary>
    public bool IsDebug => Environment("PG_AUTOCTL_DEBUG") is not null;

    /// <summary>Value of an environment variable; one that is set but empty counts as not set.</summary>
    public string? Variable(string name) => Environment(name) is { Length: > 0 } value ? value : null;

    /// <summary>Writes a line of the command's result.</summary>
    public void Print(string? line) => Out.WriteLine(line);

    /// <summary>True where an environment variable is set to a PostgreSQL spelling of true.</summary>
    /// <exception cref="CommandFailure">It is set to something that is no spelling of either.</exception>
    public bool Flag(string name) => Variable(name) is { } value
        && (BooleanText.TryParse(value, out var flag) ? flag : throw CommandFailure.BadArguments($"{name} is \"{value}\": expected true or false"));
}
