using PgAutoFailover.Core.Rules;

namespace PgAutoFailover.Monitor.Groups;

/// <summary>
/// Tells once what a group waits for when it cannot serve without an operator. The sentence carries ages that grow with every look, so
/// sentences that differ in nothing but digits count as the same.
/// </summary>
internal sealed class BlockageReport
{
    private string? _told;
    private string? _saying;

    /// <summary>Announces what blocks the group, where that has changed.</summary>
    public void Announce(GroupChange change)
    {
        var sentence = Blockage.Of(change.After, change.Settings, change.Clock);
        _saying = sentence is null ? null : string.Concat(sentence.Where(c => !char.IsAsciiDigit(c)));
        if (_saying != _told && sentence is not null && (Situation.PrimaryOf(change.After) ?? change.After.Live.FirstOrDefault()) is { } node)
        {
            change.Announce(sentence, node);
        }
    }

    /// <summary>What was announced last is committed.</summary>
    public void Confirm() => _told = _saying;
}
