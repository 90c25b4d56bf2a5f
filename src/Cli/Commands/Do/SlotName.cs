using System.Globalization;
using PgAutoFailover.Cli.CommandLine;

namespace PgAutoFailover.Cli.Commands.Do;

/// <summary>Names of replication slots, as an operator gives them.</summary>
internal static class SlotName
{
    private const int MostCharacters = 63;

    public static string OfNode(long nodeId) => string.Create(CultureInfo.InvariantCulture, $"pgautofailover_standby_{nodeId}");

    /// <summary>A number stands for a node.</summary>
    /// <exception cref="CommandFailure">PostgreSQL knows no such names.</exception>
    public static string Parse(string text)
    {
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var nodeId) && nodeId > 0)
        {
            return OfNode(nodeId);
        }

        return text.Length is > 0 and <= MostCharacters && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '_')
            ? text
            : throw CommandFailure.BadArguments(
                $"\"{text}\" is neither a node's id nor a slot's name", $"A name has lower case letters, digits and underscores, {MostCharacters} at most");
    }
}
