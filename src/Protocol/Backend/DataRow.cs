using System.Buffers;
using System.Text;

namespace PgAutoFailover.Protocol.Backend;

/// <summary>A row of a single column in text format.</summary>
public static class DataRow
{
    public static void Write(IBufferWriter<byte> output, string value)
    {
        var length = Encoding.UTF8.GetByteCount(value);
        var message = new PayloadWriter(output, (byte)'D', 2 + 4 + length);
        message.WriteInt16(1);
        message.WriteInt32(length);
        message.WriteText(value);
        message.End();
    }
}
