using System.ComponentModel;
using System.Runtime.InteropServices;

namespace PgAutoFailover.Cli.Output;

/// <summary>
/// Stdout or stderr, written to and nothing else. With the first byte that goes through a stream of <see cref="Console"/>, the runtime asks the terminal
/// for an application's keypad, and never takes that back: the shell that comes next would get other codes from its arrow keys.
/// </summary>
internal sealed partial class StandardStream : Stream
{
    private const int Interrupted = 4; // EINTR
    private const int TryAgain = 11; // EAGAIN
    private const int BrokenPipe = 32; // EPIPE
    private const short Writable = 4; // POLLOUT

    private readonly int _file;

    private StandardStream(int file) => _file = file;

    public static StandardStream Output { get; } = new(1);

    public static StandardStream Error { get; } = new(2);

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <exception cref="IOException">It cannot be written. That nobody reads any more, as after <c>| head</c>, is none.</exception>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (buffer.Length > 0)
        {
            if (WriteFile(_file, in MemoryMarshal.GetReference(buffer), (nuint)buffer.Length) is var written and >= 0)
            {
                buffer = buffer[(int)written..];
                continue;
            }

            switch (Marshal.GetLastPInvokeError())
            {
                case Interrupted:
                    break;
                case TryAgain:
                    // Somebody who has it, too, has made it so.
                    var entry = new PollEntry { File = _file, Wanted = Writable };
                    _ = Poll(ref entry, 1, Timeout.Infinite);
                    break;
                case BrokenPipe:
                    return;
                case var error:
                    throw new IOException(new Win32Exception(error).Message);
            }
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush()
    {
        // Nothing is kept back.
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint WriteFile(int file, in byte buffer, nuint size);

    [LibraryImport("libc", EntryPoint = "poll")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Poll(ref PollEntry entries, nuint count, int milliseconds);

    [StructLayout(LayoutKind.Sequential)]
    private struct PollEntry
    {
        public int File;
        public short Wanted;
        public short Found;
    }
}
