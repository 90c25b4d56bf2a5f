using System.Buffers;

namespace PgAutoFailover.Protocol.Backend;

/// <summary>The fields of an error or notice.</summary>
/// <param name="Severity">For example <c>ERROR</c>.</param>
/// <param name="SqlState">Five characters.</param>
public sealed record Diagnostic(string Severity, string SqlState, string Message, string? Detail = null, string? Hint = null)
{
    // Severity goes out twice: as it may be translated, and as it never is.
    private IEnumerable<(char Code, string? Value)> Fields =>
        [('S', Severity), ('V', Severity), ('C', SqlState), ('M', Message), ('D', Detail), ('H', Hint)];

    internal void Write(IBufferWriter<byte> output, byte type)
    {
        var message = new PayloadWriter(output, type, 1 + Fields.Sum(f => f.Value is null ? 0 : 1 + PayloadWriter.LengthOf(f.Value)));
        foreach (var (code, value) in Fields)
        {
            if (value is not null)
            {
                message.WriteByte((byte)code);
                message.WriteString(value);
            }
        }

        message.WriteByte(0);
        message.End();
    }
}
