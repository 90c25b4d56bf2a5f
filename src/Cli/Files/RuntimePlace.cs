using System.Globalization;
using System.Runtime.InteropServices;
using PgAutoFailover.Cli.CommandLine;

namespace PgAutoFailover.Cli.Files;

/// <summary>
/// The directory of the pidfile and of the service's socket. Without XDG_RUNTIME_DIR it lies below /tmp, where anybody may make a directory of that name
/// before we do: whoever owns one on the way could put a socket of his own in the place of the service's, and answer keepers.
/// </summary>
internal static partial class RuntimePlace
{
    private const int CurrentDirectory = -100; // AT_FDCWD
    private const int NoFollow = 0x100; // AT_SYMLINK_NOFOLLOW
    private const uint ModeAndOwner = 0x2 | 0x8; // STATX_MODE | STATX_UID
    private const int OthersMayWrite = 0b010, Sticky = 0x200, Link = 0xA000, TypeOfFile = 0xF000;

    private const UnixFileMode Mode =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    /// <summary>Makes what is missing of it.</summary>
    /// <param name="directory">What is to be used.</param>
    /// <param name="first">The first directory on the way that is not the system's.</param>
    /// <exception cref="CommandFailure">Somebody else could replace what is put there.</exception>
    public static void Prepare(string directory, string first)
    {
        foreach (var step in Steps(directory, first))
        {
            if (!Path.Exists(step))
            {
                Directory.CreateDirectory(step, Mode);
            }

            if (WhyUnsafe(step, EffectiveUserId()) is { } reason)
            {
                throw new CommandFailure(
                    ExitCode.BadState,
                    $"\"{step}\" {reason}: the pidfile and the socket in it could be replaced by somebody else",
                    "Remove it, or set XDG_RUNTIME_DIR to a directory of this user, for the service and for every command");
            }
        }
    }

    /// <summary>Null where only <paramref name="user"/> and root can replace what is in it.</summary>
    internal static string? WhyUnsafe(string directory, uint user)
    {
        Span<byte> status = stackalloc byte[256]; // struct statx, which is the same everywhere
        if (Statx(CurrentDirectory, directory, NoFollow, ModeAndOwner, ref MemoryMarshal.GetReference(status)) != 0)
        {
            return $"cannot be looked at: {Marshal.GetLastPInvokeErrorMessage()}";
        }

        var owner = MemoryMarshal.Read<uint>(status[20..]);
        var mode = MemoryMarshal.Read<ushort>(status[28..]);
        return owner != 0 && owner != user ? string.Create(CultureInfo.InvariantCulture, $"belongs to the user with id {owner}")
            : (mode & TypeOfFile) != Link && (mode & OthersMayWrite) != 0 && (mode & Sticky) == 0 ? "can be written by everybody"
            : null;
    }

    private static IEnumerable<string> Steps(string directory, string first)
    {
        yield return first;
        for (var end = first.Length; end < directory.Length;)
        {
            end = directory.IndexOf('/', end + 1) is var next and > 0 ? next : directory.Length;
            yield return directory[..end];
        }
    }

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Statx(int directory, string path, int flags, uint mask, ref byte status);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial uint EffectiveUserId();
}
