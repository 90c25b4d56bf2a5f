using Microsoft.Extensions.Logging;

namespace PgAutoFailover.Promoter;

/// <summary>All that the promoter writes into the server's log. Event ids 6000 to 6999; an id never changes its meaning.</summary>
internal static partial class Log
{
    [LoggerMessage(6000, LogLevel.Information, "watching primary {Primary} every {Seconds} s over {Kind} connection; {Count} failed looks in a row promote this standby")]
    public static partial void Watching(ILogger logger, string primary, double seconds, int count, string kind);

    [LoggerMessage(6001, LogLevel.Information, "in contact with primary {Primary}")]
    public static partial void InContact(ILogger logger, string primary);

    [LoggerMessage(6002, LogLevel.Information, "primary {Primary} answers again after {Failures} failed looks")]
    public static partial void AnswersAgain(ILogger logger, string primary, int failures);

    [LoggerMessage(6010, LogLevel.Warning, "look {Failure} of {Count} found primary {Primary} gone: {Reason}")]
    public static partial void LookFailed(ILogger logger, int failure, int count, string primary, string reason);

    [LoggerMessage(6011, LogLevel.Warning, "primary {Primary} answers, but does not let us in: {Reason}\nDETAIL: It is not gone: this standby is not promoted.\nHINT: Check the connection string, and pg_hba.conf and the log of the primary.")]
    public static partial void Rejected(ILogger logger, string primary, string reason);

    [LoggerMessage(6012, LogLevel.Warning, "{Primary} is not the primary of this standby: {Reason}\nHINT: Check pg_promoter.primary_conninfo, or primary_conninfo where that is empty.")]
    public static partial void NotThePrimary(ILogger logger, string primary, string reason);

    [LoggerMessage(6013, LogLevel.Warning, "nothing can be said of primary {Primary}: {Reason}\nDETAIL: It is not taken for gone: this standby is not promoted.")]
    public static partial void NothingCanBeSaid(ILogger logger, string primary, string reason);

    [LoggerMessage(6014, LogLevel.Warning, "a look found primary {Primary} gone, but it still streams to this standby: {Reason}\nDETAIL: It is not gone: this standby is not promoted.\nHINT: Check the connection string, and what may keep new connections from the primary.")]
    public static partial void StillStreams(ILogger logger, string primary, string reason);

    [LoggerMessage(6020, LogLevel.Warning, "does not promote: {Reason} (rule {Rule})")]
    public static partial void Held(ILogger logger, string reason, int rule);

    [LoggerMessage(6030, LogLevel.Information, "witness {Witness} sees the primary")]
    public static partial void WitnessSees(ILogger logger, string witness);

    [LoggerMessage(6031, LogLevel.Warning, "witness {Witness} agrees that the primary is gone")]
    public static partial void WitnessAgrees(ILogger logger, string witness);

    [LoggerMessage(6032, LogLevel.Warning, "witness {Witness} has no opinion: {Reason}\nHINT: It must let us in, have the extension pg_promoter, and grant us EXECUTE on pg_promoter_look.")]
    public static partial void WitnessSaysNothing(ILogger logger, string witness, string reason);

    [LoggerMessage(6040, LogLevel.Information, "running fence_command against primary {Primary}")]
    public static partial void Fencing(ILogger logger, string primary);

    [LoggerMessage(6041, LogLevel.Information, "fence_command has succeeded in {Milliseconds:0} ms: primary {Primary} is off")]
    public static partial void Fenced(ILogger logger, string primary, double milliseconds);

    [LoggerMessage(6042, LogLevel.Warning, "fence_command has failed: {Reason}\nDETAIL: This standby is not promoted. It is tried again as long as the primary is gone.")]
    public static partial void FenceFailed(ILogger logger, string reason);

    [LoggerMessage(6050, LogLevel.Information, "promoting this standby: {Reason} (rule {Rule})")]
    public static partial void Promoting(ILogger logger, string reason, int rule);

    [LoggerMessage(6051, LogLevel.Information, "this server is the primary, {Milliseconds:0} ms after the decision")]
    public static partial void Promoted(ILogger logger, double milliseconds);

    [LoggerMessage(6052, LogLevel.Warning, "the promotion is still under way after {Seconds:0} s\nHINT: Recovery ends when all WAL that was received is replayed.")]
    public static partial void PromotionTakesLong(ILogger logger, double seconds);

    [LoggerMessage(6053, LogLevel.Information, "trigger_command has succeeded in {Milliseconds:0} ms")]
    public static partial void Triggered(ILogger logger, double milliseconds);

    [LoggerMessage(6054, LogLevel.Warning, "trigger_command has failed: {Reason}")]
    public static partial void TriggerFailed(ILogger logger, string reason);

    [LoggerMessage(6060, LogLevel.Information, "this server is not a standby any more: nothing is left to watch")]
    public static partial void NoStandbyAnyMore(ILogger logger);
}
