using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace PgAutoFailover.Cli.Logging;

/// <summary>
/// The command line of this process as everybody on the machine sees it in <c>ps</c>, for as long as the service runs that it started. The kernel shows what is
/// in the process's own memory there: passwords in it are covered, once they have been read.
/// </summary>
internal static class ProcessTitle
{
    private const string PasswordSetting = "replication.password";

    // Fields of /proc/PID/stat, counted after the program's name, which is the second: arg_start and arg_end.
    private const int Start = 48 - 3, End = 49 - 3;

    /// <summary>Where that is not possible, it stays as it is.</summary>
    public static void CoverPasswords()
    {
        try
        {
            var stat = File.ReadAllText("/proc/self/stat");
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            var (start, end) = (Address(fields[Start]), Address(fields[End]));
            var shown = File.ReadAllBytes("/proc/self/cmdline");
            if (start != 0 && shown.Length == end - start && Cover(shown) is { } covered)
            {
                Marshal.Copy(covered, 0, (nint)start, covered.Length);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or FormatException)
        {
            // A system that does not show it to us.
        }
    }

    /// <summary>The words of a command line, each ended by a zero; null where none has a password.</summary>
    internal static byte[]? Cover(byte[] shown)
    {
        // Words may hold any bytes: those that are no text come out longer or shorter, and are left alone.
        var words = Encoding.UTF8.GetString(shown).Split('\0');
        var covered = words.Select((word, i) => i > 0 && words[i - 1] == PasswordSetting ? new string('*', Encoding.UTF8.GetByteCount(word)) : Secrets.Cover(word));
        var bytes = Encoding.UTF8.GetBytes(string.Join('\0', covered));
        return bytes.Length == shown.Length && !bytes.AsSpan().SequenceEqual(shown) ? bytes : null;
    }

    private static long Address(string field) => long.Parse(field, NumberStyles.None, CultureInfo.InvariantCulture);
}
