using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace PgAutoFailover.Cli.Output;

/// <summary>JSON as pg_auto_failover prints its own objects: four spaces, members in order of insertion, slashes escaped.</summary>
internal static class PrettyJson
{
    public static string Format(JsonNode? node)
    {
        var text = new StringBuilder();
        Append(text, node, 0);
        return text.ToString();
    }

    private static void Append(StringBuilder text, JsonNode? node, int depth)
    {
        switch (node)
        {
            case JsonObject { Count: > 0 } members:
                AppendAll(text, members, '{', '}', depth, m =>
                {
                    AppendString(text, m.Key);
                    text.Append(": ");
                    Append(text, m.Value, depth + 1);
                });
                break;
            case JsonArray { Count: > 0 } items:
                AppendAll(text, items, '[', ']', depth, item => Append(text, item, depth + 1));
                break;
            case JsonObject:
                text.Append("{}");
                break;
            case JsonArray:
                text.Append("[]");
                break;
            case null:
                text.Append("null");
                break;
            case var value when value.GetValueKind() == JsonValueKind.String:
                AppendString(text, value.GetValue<string>());
                break;
            default:
                text.Append(node.ToJsonString());
                break;
        }
    }

    private static void AppendAll<T>(StringBuilder text, IEnumerable<T> items, char open, char close, int depth, Action<T> append)
    {
        text.Append(open);
        var first = true;
        foreach (var item in items)
        {
            text.Append(first ? "\n" : ",\n").Append(' ', (depth + 1) * 4);
            append(item);
            first = false;
        }

        text.Append('\n').Append(' ', depth * 4).Append(close);
    }

    private static void AppendString(StringBuilder text, string value) => text
        .Append('"')
        .Append(JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(value).Replace("/", "\\/", StringComparison.Ordinal))
        .Append('"');
}
