using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using PgAutoFailover.Protocol.Frontend;

namespace PgAutoFailover.Protocol.Tests.Frontend;

/// <summary>Bytes as a client sends them, and what the reader makes of them.</summary>
internal static class Streams
{
    public static byte[] Startup(int code, params string[] strings) => Packet(null, [.. Int32(code), .. strings.SelectMany(Text), .. strings.Length > 0 ? "\0"u8 : []]);

    public static byte[] Bare(int code) => Packet(null, Int32(code));

    public static byte[] Query(string text) => Packet((byte)'Q', Text(text));

    public static byte[] Terminate() => Packet((byte)'X', []);

    public static byte[] Packet(byte? type, byte[] payload) => [.. type is { } t ? new[] { t } : [], .. Int32(payload.Length + 4), .. payload];

    public static byte[] Int32(int value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes;
    }

    public static byte[] Text(string text) => [.. Encoding.UTF8.GetBytes(text), 0];

    /// <summary>Reads a whole session that arrives in the given pieces; the last outcome is an error or "need more".</summary>
    public static List<ReadOutcome> ReadAll(params byte[][] pieces)
    {
        var outcomes = new List<ReadOutcome>();
        var received = Array.Empty<byte>();
        var started = false;
        foreach (var piece in pieces)
        {
            // Two segments, so that fields lie across a border.
            var buffer = Sequence(received, piece);
            while (true)
            {
                var outcome = started ? FrontendReader.Read(ref buffer, maxLength: 1000) : FrontendReader.ReadStartup(ref buffer);
                if (!outcome.IsComplete)
                {
                    break;
                }

                outcomes.Add(outcome);
                started |= outcome.Message is StartupMessage;
                if (outcome.Error is not null)
                {
                    return outcomes;
                }
            }

            received = buffer.ToArray();
        }

        return outcomes;
    }

    private static ReadOnlySequence<byte> Sequence(byte[] first, byte[] second)
    {
        var head = new Segment(first, 0);
        var tail = new Segment(second, first.Length);
        head.Append(tail);
        return new ReadOnlySequence<byte>(head, 0, tail, second.Length);
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(byte[] bytes, long index) => (Memory, RunningIndex) = (bytes, index);

        public void Append(Segment next) => Next = next;
    }
}
