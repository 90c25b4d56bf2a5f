using System.Collections.Immutable;
using System.Globalization;

namespace PgAutoFailover.Core.Groups;

/// <summary>
/// Terms on which a node may have acknowledged writes: that node's id, and a value of <c>synchronous_standby_names</c> that was or may
/// have been in force there. Every acknowledged write is held by the leader, and by as many of the standbys named as the value asks for.
/// </summary>
public sealed record AckTerms(long LeaderId, string StandbyNames)
{
    /// <summary>
    /// Whether these nodes hold, together, every write that was acknowledged on these terms; and, none of them receiving from the
    /// leader any more, whether no further one can be. So with the leader among them; and with more of the standbys named than a
    /// write can do without: of q standbys of which n acknowledge, q − n + 1 (design.md).
    /// </summary>
    public bool AreMetBy(ICollection<long> nodes) =>
        nodes.Contains(LeaderId) || (Standbys is var (required, members) && members.Count(nodes.Contains) > members.Length - required);

    /// <summary>
    /// What is left of the terms when what one standby holds is given up. A write that it acknowledged together with others is still held by those, one
    /// less than before; who acknowledged none with it must all be heard.
    /// </summary>
    public AckTerms Without(long nodeId) => Standbys is var (required, members) && members.Contains(nodeId)
        ? this with { StandbyNames = members.Length == 1 ? "" : SynchronousStandbyNames.Any(Math.Max(1, required - 1), members.Remove(nodeId)) }
        : this;

    /// <summary>Reads <see cref="StandbyNames"/>; null when nobody is waited for, or a value that is none of ours might mean anything.</summary>
    public (int Required, ImmutableArray<long> Members)? Standbys => Read(StandbyNames);

    /// <inheritdoc cref="Standbys"/>
    public static (int Required, ImmutableArray<long> Members)? Read(string standbyNames)
    {
        const string Prefix = "ANY ";
        var open = standbyNames.IndexOf(" (", StringComparison.Ordinal);
        if (!standbyNames.StartsWith(Prefix, StringComparison.Ordinal) || open < 0 || !standbyNames.EndsWith(')')
            || !int.TryParse(standbyNames.AsSpan(Prefix.Length, open - Prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var required)
            || required == 0)
        {
            return null;
        }

        var members = ImmutableArray.CreateBuilder<long>();
        foreach (var name in standbyNames[(open + 2)..^1].Split(", "))
        {
            if (SynchronousStandbyNames.NodeIdOf(name) is not { } id)
            {
                return null;
            }

            members.Add(id);
        }

        return (required, members.ToImmutable());
    }
}
