namespace PgAutoFailover.Core.Operations;

/// <summary>A refusal or a remark of the SQL API, as the client sees it.</summary>
/// <param name="SqlState">Five characters, as monitor-api.md lists them; <c>XX000</c> where 2.0 set none.</param>
/// <param name="Message">What.</param>
/// <param name="Detail">Why, with the facts.</param>
/// <param name="Hint">What to do.</param>
public sealed record ApiError(string SqlState, string Message, string? Detail = null, string? Hint = null)
{
    public const string InternalError = "XX000";
    public const string UndefinedObject = "42704";
    public const string InvalidObjectDefinition = "42P17";
    public const string InvalidParameterValue = "22023";

    /// <summary>Of our own: class 08 would be taken for a connection to the service that is lost, and the call would be made again in a new one.</summary>
    public const string SessionIsOver = "PAF01";

    /// <summary>Of our own: the monitor has never registered the keeper that reports. To it this is no monitor at all.</summary>
    public const string ForeignKeeper = "PAF02";
    public const string ObjectInUse = "55006";
    public const string ObjectNotInPrerequisiteState = "55000";
    public const string FeatureNotSupported = "0A000";
    public const string UniqueViolation = "23505";
    public const string ExclusionViolation = "23P01";
}

/// <summary>Outcome of an operator's command: either a decision (which may be empty) with remarks, or a refusal.</summary>
public sealed record OperationResult
{
    public Rules.Decision? Decision { get; init; }

    public ApiError? Error { get; init; }

    /// <summary>A remark with severity NOTICE or WARNING that goes along with success.</summary>
    public (string Severity, ApiError Remark)? Remark { get; init; }

    /// <summary>For functions that return bool: what they return.</summary>
    public bool Value { get; init; } = true;

    public static OperationResult Refused(ApiError error) => new() { Error = error };

    public static OperationResult Accepted(Rules.Decision? decision = null, bool value = true) => new() { Decision = decision, Value = value };
}
