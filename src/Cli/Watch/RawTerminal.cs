using System.ComponentModel;
using System.Runtime.InteropServices;

namespace PgAutoFailover.Cli.Watch;

/// <summary>
/// The terminal on stdin and stdout, handing over each key as it is pressed, without showing it. Disposing it puts back what was.
/// <c>Console.ReadKey</c> cannot be cancelled, and between two calls it lets the terminal show what is typed; so the terminal's
/// mode is changed here. The C library fills and changes its structure, whose size and layout differ between machines: for this
/// class it is some bytes.
/// </summary>
internal sealed partial class RawTerminal : IDisposable
{
    private const int Input = 0;
    private const int Output = 1;
    private const int WhenWritten = 1; // TCSADRAIN: keys that were typed ahead are for whoever reads next.
    private const nuint GetWindowSize = 0x5413; // TIOCGWINSZ
    private const short Readable = 1; // POLLIN
    private const int SettingsSize = 256; // of struct termios, much more than any C library's has

    private readonly byte[] _before = new byte[SettingsSize];

    /// <exception cref="Win32Exception">There is no terminal on stdin.</exception>
    public RawTerminal()
    {
        if (GetAttributes(Input, ref _before[0]) != 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError(), "tcgetattr");
        }

        var raw = (byte[])_before.Clone();
        MakeRaw(ref raw[0]);
        if (SetAttributes(Input, WhenWritten, ref raw[0]) != 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError(), "tcsetattr");
        }
    }

    /// <summary>The size of the window now; that of the terminals of old where it is not known.</summary>
    public static WindowSize Size =>
        Control(Output, GetWindowSize, out var size) == 0 && size is { Columns: > 0, Rows: > 0 }
            ? new WindowSize(size.Columns, size.Rows)
            : new WindowSize(80, 24);

    /// <summary>Waits for keys. Zero: none came in time, or nobody wants them any more. Null: the terminal is gone.</summary>
    public static int? Read(byte[] buffer, TimeSpan limit, CancellationToken cancellationToken)
    {
        var input = new PollEntry { File = Input, Wanted = Readable };
        if (Poll(ref input, 1, (int)limit.TotalMilliseconds) <= 0 || cancellationToken.IsCancellationRequested)
        {
            // Also where a signal came in between.
            return 0;
        }

        return (input.Found & Readable) != 0 && ReadFile(Input, ref buffer[0], (nuint)buffer.Length) is var count and > 0 ? (int)count : null;
    }

    public void Dispose()
    {
        // It fails where the terminal is gone, and then there is nothing to put back.
        _ = SetAttributes(Input, WhenWritten, ref _before[0]);
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct PollEntry
    {
        public int File;
        public short Wanted;
        public short Found;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Window
    {
        public ushort Rows;
        public ushort Columns;
        public ushort Width;
        public ushort Height;
    }

    [LibraryImport("libc", EntryPoint = "tcgetattr", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int GetAttributes(int file, ref byte settings);

    [LibraryImport("libc", EntryPoint = "tcsetattr", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetAttributes(int file, int when, ref byte settings);

    [LibraryImport("libc", EntryPoint = "cfmakeraw")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial void MakeRaw(ref byte settings);

    [LibraryImport("libc", EntryPoint = "ioctl")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Control(int file, nuint request, out Window window);

    [LibraryImport("libc", EntryPoint = "poll")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Poll(ref PollEntry entries, nuint count, int milliseconds);

    [LibraryImport("libc", EntryPoint = "read")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint ReadFile(int file, ref byte buffer, nuint size);
}
