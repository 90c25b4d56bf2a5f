using System.Buffers;
using System.Text;
using System.Text.Json;
using PgAutoFailover.Core.Operations;
using PgAutoFailover.Monitor.Service;

namespace PgAutoFailover.Monitor.Api;

/// <summary>Writes the documents that answer requests.</summary>
internal static class ReplyJson
{
    /// <summary>The result of a function that returns void, or NULL.</summary>
    public static ServiceReply Null { get; } = Of(w => w.WriteNullValue());

    public static ServiceReply True { get; } = Of(w => w.WriteBooleanValue(true));

    public static ServiceReply False { get; } = Of(w => w.WriteBooleanValue(false));

    public static ServiceReply Of(bool value) => value ? True : False;

    /// <summary>A record: <paramref name="members"/> writes its columns.</summary>
    public static ServiceReply Record(Action<Utf8JsonWriter> members) => Of(w =>
    {
        w.WriteStartObject();
        members(w);
        w.WriteEndObject();
    });

    /// <summary>A set of records.</summary>
    public static ServiceReply Set<T>(IEnumerable<T> rows, Action<Utf8JsonWriter, T> members) => Of(w =>
    {
        w.WriteStartArray();
        foreach (var row in rows)
        {
            w.WriteStartObject();
            members(w, row);
            w.WriteEndObject();
        }

        w.WriteEndArray();
    });

    /// <summary>No result yet: the stub asks again with <c>await_planned_change</c>.</summary>
    public static ServiceReply Pending(long id) => Document(w => w.WriteNumber("pending", id));

    /// <summary>A result with a remark that the stub raises beside it.</summary>
    public static ServiceReply Of(bool? value, (string Severity, ApiError Remark)? remark) => remark is not var (severity, note)
        ? value is { } plain ? Of(plain) : Null
        : Document(w =>
        {
            w.WritePropertyName("result");
            if (value is { } flag)
            {
                w.WriteBooleanValue(flag);
            }
            else
            {
                w.WriteNullValue();
            }

            WriteNotice(w, severity, note);
        });

    private static void WriteNotice(Utf8JsonWriter w, string severity, ApiError note)
    {
        w.WriteStartArray("notices");
        w.WriteStartObject();
        w.WriteString("severity", severity);
        w.WriteString("sqlstate", note.SqlState);
        w.WriteString("message", note.Message);
        if (note.Detail is { } detail)
        {
            w.WriteString("detail", detail);
        }

        if (note.Hint is { } hint)
        {
            w.WriteString("hint", hint);
        }

        w.WriteEndObject();
        w.WriteEndArray();
    }

    private static ServiceReply Of(Action<Utf8JsonWriter> result) => Document(w =>
    {
        w.WritePropertyName("result");
        result(w);
    });

    private static ServiceReply Document(Action<Utf8JsonWriter> members)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            members(writer);
            writer.WriteEndObject();
        }

        return ServiceReply.Success(Encoding.UTF8.GetString(buffer.WrittenSpan));
    }
}
