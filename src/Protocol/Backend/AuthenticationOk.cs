using System.Buffers;

namespace PgAutoFailover.Protocol.Backend;

/// <summary>The session is open to this client.</summary>
public static class AuthenticationOk
{
    public static void Write(IBufferWriter<byte> output)
    {
        var message = new PayloadWriter(output, (byte)'R', 4);
        message.WriteInt32(0);
        message.End();
    }
}
