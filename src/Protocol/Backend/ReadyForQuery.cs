using System.Buffers;

namespace PgAutoFailover.Protocol.Backend;

/// <summary>The next query may come; no transaction is open.</summary>
public static class ReadyForQuery
{
    public static void Write(IBufferWriter<byte> output)
    {
        var message = new PayloadWriter(output, (byte)'Z', 1);
        message.WriteByte((byte)'I');
        message.End();
    }
}
