using System.Buffers;

namespace PgAutoFailover.Protocol.Backend;

/// <summary>A statement has ended well; the tag says which, for example <c>SELECT 1</c>.</summary>
public static class CommandComplete
{
    public static void Write(IBufferWriter<byte> output, string tag)
    {
        var message = new PayloadWriter(output, (byte)'C', PayloadWriter.LengthOf(tag));
        message.WriteString(tag);
        message.End();
    }
}
