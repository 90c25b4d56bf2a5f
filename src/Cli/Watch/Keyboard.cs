using System.Threading.Channels;

namespace PgAutoFailover.Cli.Watch;

/// <summary>Hands out keys until the terminal is gone.</summary>
internal static class Keyboard
{
    /// <summary>
    /// An escape that nothing follows for so long is a key by itself; as long, at most, does the end of the program wait for this.
    /// </summary>
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(100);

    /// <summary>A thread of its own: reading blocks, and the pool has few threads on a small machine.</summary>
    public static Task RunAsync(ChannelWriter<Happening> happenings, CancellationToken cancellationToken) => Task.Factory.StartNew(
        () => Run(happenings, cancellationToken), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private static void Run(ChannelWriter<Happening> happenings, CancellationToken cancellationToken)
    {
        var buffer = new byte[256];
        var decoder = new KeyDecoder();
        while (!cancellationToken.IsCancellationRequested && RawTerminal.Read(buffer, s_pause, cancellationToken) is { } count)
        {
            foreach (var key in decoder.Decode(buffer.AsSpan(0, count)))
            {
                Report(key);
            }

            if (count == 0 && decoder.IsWaiting && decoder.EndOfWaiting() is { } escape)
            {
                Report(escape);
            }
        }

        // Whoever holds a key down is faster than the picture; what does not fit is not missed.
        void Report(Key key) => happenings.TryWrite(new Happening.Pressed(key));
    }
}
