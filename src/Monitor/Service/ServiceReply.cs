using PgAutoFailover.Core.Operations;

namespace PgAutoFailover.Monitor.Service;

/// <summary>The answer to one request: a JSON document, or an error that reaches the SQL client with all its fields.</summary>
/// <remarks>
/// The document is <c>{"result": …, "notices": [{"severity":"WARNING","sqlstate":"55000","message":"…","detail":"…","hint":"…"}]}</c>:
/// an object for a record, an array of objects for a set, a scalar for a scalar, null for void and NULL; <c>notices</c> may be missing. Or it is
/// <c>{"pending": N}</c>: there is no result yet, and the stub asks again.
/// </remarks>
public sealed class ServiceReply
{
    private ServiceReply(string? json, ApiError? error) => (Json, Error) = (json, error);

    /// <summary>The document; null when there is an error.</summary>
    public string? Json { get; }

    /// <summary>Null when the request was carried out.</summary>
    public ApiError? Error { get; }

    public static ServiceReply Success(string json) => new(json, null);

    public static ServiceReply Refused(ApiError error) => new(null, error);
}
