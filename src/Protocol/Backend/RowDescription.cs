using System.Buffers;

namespace PgAutoFailover.Protocol.Backend;

/// <summary>Describes rows of a single column in text format, which belongs to no table.</summary>
public static class RowDescription
{
    /// <summary>Object id of type <c>json</c>.</summary>
    public const int JsonOid = 114;

    public static void Write(IBufferWriter<byte> output, string column, int typeOid)
    {
        var message = new PayloadWriter(output, (byte)'T', 2 + PayloadWriter.LengthOf(column) + 18);
        message.WriteInt16(1);
        message.WriteString(column);
        message.WriteInt32(0); // table
        message.WriteInt16(0); // column of that table
        message.WriteInt32(typeOid);
        message.WriteInt16(-1); // length of the type: varies
        message.WriteInt32(-1); // type modifier: none
        message.WriteInt16(0); // format: text
        message.End();
    }
}
