using System.Collections.Immutable;

namespace PgAutoFailover.Promoter.Witnesses;

/// <summary>
/// What all witnesses together say. One that sees the primary has proof that it lives, and nothing fences that primary: no number of others
/// overrules it.
/// </summary>
internal sealed record Verdict(ImmutableArray<Opinion> Opinions, int Quorum)
{
    public static Verdict OfNobody { get; } = new([], 0);

    public Opinion? WhoSeesIt => Opinions.FirstOrDefault(o => o.Kind == OpinionKind.SeesIt);

    public int Agreeing => Opinions.Count(o => o.Kind == OpinionKind.AgreesThatItIsGone);

    public bool IsQuorum => Agreeing >= Quorum;
}
