using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace PgAutoFailover.Cli.Logging;

/// <summary>A log message as one line of JSON: time in UTC, level, pid, message, the event's name and number, and the values in its text.</summary>
internal static class JsonLogLine
{
    private const string Template = "{OriginalFormat}";

    // Log lines go to a file or a collector, not into a page: names and messages stay readable.
    private static readonly JsonWriterOptions s_options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="values">The values of the message's placeholders.</param>
    public static string Write(
        DateTimeOffset time, LogLevel level, int processId, string message, EventId eventId, IEnumerable<KeyValuePair<string, object?>> values, Exception? exception)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, s_options))
        {
            writer.WriteStartObject();
            writer.WriteString("time", time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
            writer.WriteString("level", Name(level));
            writer.WriteNumber("pid", processId);
            writer.WriteString("message", Secrets.Mask(message));
            writer.WriteString("event", eventId.Name);
            writer.WriteNumber("event_id", eventId.Id);
            writer.WriteStartObject("fields");
            foreach (var (key, value) in values.Where(v => v.Key != Template))
            {
                WriteValue(writer, key, value);
            }

            writer.WriteEndObject();
            if (exception is not null)
            {
                writer.WriteString("exception", Secrets.Mask(exception.ToString()));
            }

            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void WriteValue(Utf8JsonWriter writer, string key, object? value)
    {
        switch (value)
        {
            case null:
                writer.WriteNull(key);
                break;
            case bool flag:
                writer.WriteBoolean(key, flag);
                break;
            case int or long:
                writer.WriteNumber(key, Convert.ToInt64(value, CultureInfo.InvariantCulture));
                break;
            case double number when double.IsFinite(number):
                writer.WriteNumber(key, number);
                break;
            default:
                writer.WriteString(key, Secrets.Mask(Convert.ToString(value, CultureInfo.InvariantCulture) ?? ""));
                break;
        }
    }

    private static string Name(LogLevel level) => level switch
    {
        LogLevel.Trace => "trace",
        LogLevel.Debug => "debug",
        LogLevel.Information => "info",
        LogLevel.Warning => "warn",
        LogLevel.Error => "error",
        _ => "fatal",
    };
}
