using System.Runtime.InteropServices;

namespace PgAutoFailover.Postgres.Native;

/// <summary>The few system calls that .NET does not offer. All return -1 and set errno on failure.</summary>
internal static partial class Libc
{
    public const int SigHup = 1;
    public const int SigInt = 2;
    public const int SigQuit = 3;

    /// <summary>WNOHANG of waitpid.</summary>
    public const int NoHang = 1;
    public const int SigKill = 9;
    public const int SigTerm = 15;
    public const nint DefaultAction = 0; // SIG_DFL
    public const int ReadOnly = 0x80000; // O_RDONLY | O_CLOEXEC
    public const short PollIn = 1;
    public const int MayEnter = 1; // X_OK
    public const int MayWrite = 2; // W_OK
    private const nint PidfdSendSignalCall = 424;
    private const nint PidfdOpenCall = 434;

    /// <summary>A descriptor that becomes readable when the process ends; it needs no kinship with it.</summary>
    public static int PidfdOpen(int pid) => (int)Syscall(PidfdOpenCall, pid, 0, 0, 0);

    /// <summary>Sends a signal to the very process that the descriptor was opened for, even if its pid was given to another since.</summary>
    public static int PidfdSendSignal(int pidfd, int signal) => (int)Syscall(PidfdSendSignalCall, pidfd, signal, 0, 0);

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    public static partial int Kill(int pid, int signal);

    [LibraryImport("libc", EntryPoint = "signal", SetLastError = true)]
    public static partial nint Signal(int signal, nint action);

    [LibraryImport("libc", EntryPoint = "waitpid", SetLastError = true)]
    public static partial int WaitPid(int pid, nint status, int options);

    [LibraryImport("libc", EntryPoint = "access", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Access(string path, int mode);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    public static partial int Close(int descriptor);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    public static partial int Fsync(int descriptor);

    [LibraryImport("libc", EntryPoint = "syncfs", SetLastError = true)]
    public static partial int SyncFs(int descriptor);

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    public static partial int Poll(ref PollDescriptor descriptors, nuint count, int timeoutMs);

    // glibc offers the pidfd calls by name only since 2.36; their numbers are the same on every architecture.
    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint Syscall(nint number, nint a, nint b, nint c, nint d);

    [StructLayout(LayoutKind.Sequential)]
    internal struct PollDescriptor
    {
        public int Descriptor;
        public short Events;
        public short Returned;
    }
}
