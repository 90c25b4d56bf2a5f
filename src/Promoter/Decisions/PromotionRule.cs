namespace PgAutoFailover.Promoter.Decisions;

/// <summary>What is to be done now.</summary>
internal enum PromoterAction
{
    /// <summary>Look again when it is time.</summary>
    Watch,

    /// <summary>Run the fence command, look again, decide again.</summary>
    Fence,

    /// <summary>Have the server promoted.</summary>
    Promote,

    /// <summary>The server is no standby: do what is left to do after a promotion, and end.</summary>
    Finish,
}

/// <summary>One row of the table.</summary>
/// <param name="Id">Stands in the log; never used again for anything else.</param>
/// <param name="Condition">When it applies. Of several the first counts.</param>
/// <param name="Action">What is done.</param>
/// <param name="Because">Why, for a person: completes "does nothing:" or "promotes:".</param>
/// <param name="Holds">Somebody should know: the primary seems gone, or a setting is wrong, and nobody is promoted.</param>
internal sealed record PromotionRule(
    int Id, Func<Situation, bool> Condition, PromoterAction Action, Func<Situation, string> Because, bool Holds = false);

/// <summary>What was decided, and which row did.</summary>
internal sealed record Decision(int Rule, PromoterAction Action, string Because, bool Holds);
