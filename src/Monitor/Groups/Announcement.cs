using System.Collections.Immutable;
using System.Globalization;
using PgAutoFailover.Core.Groups;

namespace PgAutoFailover.Monitor.Groups;

/// <summary>
/// Something that happened, to be told with the transaction that makes it true: the text goes to channel <c>log</c> once; each node
/// gets a row in <c>event</c> and a message on channel <c>state</c>, with the values that held at that moment.
/// </summary>
/// <param name="Text">Becomes the event's description.</param>
/// <param name="Nodes">The nodes concerned, as they were right after.</param>
/// <param name="RuleId">The rule or operation that decided it; null for what was merely observed.</param>
internal sealed record Announcement(string Text, ImmutableArray<NodeView> Nodes, int? RuleId = null)
{
    /// <summary>The text with the rule that fired, so that an event can be traced to the table of rules.</summary>
    public string Description => RuleId is { } id ? string.Create(CultureInfo.InvariantCulture, $"{Text} [rule {id}]") : Text;
}
