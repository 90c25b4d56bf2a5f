using System.Buffers;

namespace PgAutoFailover.Protocol.Backend;

/// <summary>An error. With severity ERROR the session goes on, with FATAL it ends.</summary>
public static class ErrorResponse
{
    public static void Write(IBufferWriter<byte> output, Diagnostic diagnostic) => diagnostic.Write(output, (byte)'E');
}

/// <summary>A remark: severity WARNING, NOTICE, INFO, LOG or DEBUG.</summary>
public static class NoticeResponse
{
    public static void Write(IBufferWriter<byte> output, Diagnostic diagnostic) => diagnostic.Write(output, (byte)'N');
}
