using PgAutoFailover.Core.Vocabulary;

namespace PgAutoFailover.Promoter.Looking;

/// <summary>What one look at the primary found. Only <see cref="Refused"/> and <see cref="Silent"/> say that it is gone.</summary>
internal enum AnswerKind
{
    /// <summary>It lets us in, and is the primary of this standby.</summary>
    Serves,

    /// <summary>A server answers, but does not let us in: it starts up, shuts down, has too many clients, rejects the password.</summary>
    Rejects,

    /// <summary>A server of another cluster lets us in.</summary>
    OtherCluster,

    /// <summary>Nothing can be said: the fault is on our side of the network, in a setting, or in name resolution.</summary>
    Unknown,

    /// <summary>Its host says that nothing listens there.</summary>
    Refused,

    /// <summary>No answer within the timeouts, or the connection broke before there was one.</summary>
    Silent,

    /// <summary>A standby of this cluster lets us in: not the primary, but one of the hosts beside it, or this server itself.</summary>
    Standby,
}

/// <summary>The answer to one look.</summary>
/// <param name="Text">What was found, for a person; empty when it serves.</param>
/// <param name="Position">How far its WAL is; only when it serves.</param>
internal sealed record Answer(AnswerKind Kind, string Text, Lsn Position = default)
{
    public bool IsGone => Kind is AnswerKind.Refused or AnswerKind.Silent;

    /// <summary>
    /// The answer of a primary that may be at any of several hosts: the first in the order of the kinds counts. It is gone only when no host has
    /// anything to say for it; a standby among them says nothing of the primary.
    /// </summary>
    public static Answer OfAll(IReadOnlyCollection<Answer> answers) =>
        answers.MinBy(a => a.Kind) ?? throw new ArgumentException("there is no host to look at", nameof(answers));
}
