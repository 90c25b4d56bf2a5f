using PgAutoFailover.Promoter.Looking;
using PgAutoFailover.Promoter.Settings;
using PgAutoFailover.Promoter.Witnesses;
using PgAutoFailover.Promoter.Worker;

namespace PgAutoFailover.Promoter.Decisions;

/// <summary>What came of <c>pg_promoter.fence_command</c> in this turn.</summary>
internal enum Fencing
{
    NotTried,
    Succeeded,
    Failed,
}

/// <summary>All that a decision is taken on.</summary>
internal sealed record Situation(
    PromoterSettings Settings, ServerState Server, Answer Answer, Contact Contact, Verdict Verdict, Fencing Fencing = Fencing.NotTried)
{
    public long? Behind => Contact.Behind(Server);
}
