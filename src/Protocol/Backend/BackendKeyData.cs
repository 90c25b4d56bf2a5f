using System.Buffers;

namespace PgAutoFailover.Protocol.Backend;

/// <summary>What a client has to name in a <see cref="Frontend.CancelRequest"/>.</summary>
public static class BackendKeyData
{
    public static void Write(IBufferWriter<byte> output, int processId, int secretKey)
    {
        var message = new PayloadWriter(output, (byte)'K', 8);
        message.WriteInt32(processId);
        message.WriteInt32(secretKey);
        message.End();
    }
}
