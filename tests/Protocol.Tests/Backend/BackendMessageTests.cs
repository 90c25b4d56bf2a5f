using System.Buffers;
using System.Text;
using PgAutoFailover.Protocol.Backend;
using Shouldly;
using Xunit;

namespace PgAutoFailover.Protocol.Tests.Backend;

public sealed class BackendMessageTests
{
    [Fact]
    public void The_messages_of_a_session_are_laid_out_as_documented()
    {
        Bytes(AuthenticationOk.Write).ShouldBe("R\0\0\0\x08\0\0\0\0");
        Bytes(ReadyForQuery.Write).ShouldBe("Z\0\0\0\x05I");
        Bytes(EmptyQueryResponse.Write).ShouldBe("I\0\0\0\x04");
        Bytes(o => BackendKeyData.Write(o, 1, 0x01020304)).ShouldBe("K\0\0\0\x0c\0\0\0\x01\x01\x02\x03\x04");
        Bytes(o => ParameterStatus.Write(o, "a", "bc")).ShouldBe("S\0\0\0\x09" + "a\0bc\0");
        Bytes(o => CommandComplete.Write(o, "SET")).ShouldBe("C\0\0\0\x08SET\0");
    }

    [Fact]
    public void A_result_is_one_column_of_text()
    {
        Bytes(o => RowDescription.Write(o, "r", RowDescription.JsonOid))
            .ShouldBe("T\0\0\0\x1a\0\x01r\0\0\0\0\0\0\0\0\0\0\x72\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\0\0");
        Bytes(o => DataRow.Write(o, "é")).ShouldBe("D\0\0\0\x0c\0\x01\0\0\0\x02\u00c3\u00a9");
    }

    [Fact]
    public void An_error_has_only_the_fields_that_it_was_given()
    {
        Bytes(o => ErrorResponse.Write(o, new Diagnostic("ERROR", "55000", "m"))).ShouldBe("E\0\0\0\x1dSERROR\0VERROR\0C55000\0Mm\0\0");
        Bytes(o => NoticeResponse.Write(o, new Diagnostic("NOTICE", "00000", "m", "d", "h")))
            .ShouldBe("N\0\0\0\x25SNOTICE\0VNOTICE\0C00000\0Mm\0Dd\0Hh\0\0");
    }

    [Fact]
    public void A_zero_inside_a_text_does_not_end_its_field() =>
        Bytes(o => CommandComplete.Write(o, "a\0b")).ShouldBe("C\0\0\0\x08" + "a b\0");

    [Fact]
    public void Half_a_surrogate_pair_does_not_break_the_length() =>
        Bytes(o => CommandComplete.Write(o, "\ud800")).ShouldBe("C\0\0\0\x08\u00ef\u00bf\u00bd\0");

    // One character for each byte.
    private static string Bytes(Action<IBufferWriter<byte>> write)
    {
        var output = new ArrayBufferWriter<byte>();
        write(output);
        return Encoding.Latin1.GetString(output.WrittenSpan);
    }
}
