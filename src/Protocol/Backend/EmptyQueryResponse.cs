using System.Buffers;

namespace PgAutoFailover.Protocol.Backend;

/// <summary>Stands for <see cref="CommandComplete"/> when the query held no statement.</summary>
public static class EmptyQueryResponse
{
    public static void Write(IBufferWriter<byte> output) => new PayloadWriter(output, (byte)'I', 0).End();
}
