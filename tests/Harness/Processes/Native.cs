using System.ComponentModel;
using System.Runtime.InteropServices;

namespace PgAutoFailover.Harness.Processes;

/// <summary>The few system calls that .NET has no name for.</summary>
internal static partial class Native
{
    internal const int SigHup = 1;
    internal const int SigKill = 9;
    internal const int SigTerm = 15;
    internal const int SigCont = 18;
    internal const int SigStop = 19;

    private const int CloneNewNet = 0x40000000;
    private const int NoSuchProcess = 3;

    /// <summary>False if the process is gone.</summary>
    internal static bool Signal(int pid, int signal)
    {
        if (Kill(pid, signal) == 0)
        {
            return true;
        }

        int error = Marshal.GetLastPInvokeError();
        return error == NoSuchProcess ? false : throw new Win32Exception(error, $"kill({pid}, {signal})");
    }

    /// <summary>Moves the calling thread, and no other, into a network namespace: sockets it makes from now on live there.</summary>
    internal static void EnterNetworkNamespace(string name)
    {
        using var handle = File.OpenHandle("/run/netns/" + name);
        if (SetNs((int)handle.DangerousGetHandle(), CloneNewNet) != 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError(), $"setns({name})");
        }
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Kill(int pid, int signal);

    [LibraryImport("libc", EntryPoint = "setns", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetNs(int fd, int type);
}
