namespace PgAutoFailover.Promoter.Witnesses;

/// <summary>What a witness says of the primary.</summary>
internal enum OpinionKind
{
    /// <summary>It gets an answer from the primary: proof that this one lives.</summary>
    SeesIt,

    /// <summary>It gets none.</summary>
    AgreesThatItIsGone,

    /// <summary>The witness could not be asked, or cannot tell.</summary>
    None,
}

/// <summary>The opinion of one witness.</summary>
/// <param name="Text">Why there is none, for a person; empty when there is one.</param>
internal sealed record Opinion(string Witness, OpinionKind Kind, string Text);
