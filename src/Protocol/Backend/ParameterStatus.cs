using System.Buffers;

namespace PgAutoFailover.Protocol.Backend;

/// <summary>Tells the client of a setting, for example <c>client_encoding</c>.</summary>
public static class ParameterStatus
{
    public static void Write(IBufferWriter<byte> output, string name, string value)
    {
        var message = new PayloadWriter(output, (byte)'S', PayloadWriter.LengthOf(name) + PayloadWriter.LengthOf(value));
        message.WriteString(name);
        message.WriteString(value);
        message.End();
    }
}
