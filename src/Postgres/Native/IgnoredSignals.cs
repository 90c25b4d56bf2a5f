using System.Globalization;

namespace PgAutoFailover.Postgres.Native;

/// <summary>
/// A shell without job control, as in a script, starts what it puts into the background with SIGINT and SIGQUIT ignored, and .NET leaves an
/// ignored signal alone, whoever registers for it: <c>pg_autoctl stop --immediate</c> would not be heard. <c>nohup</c> does the same to SIGHUP, with
/// which a service is told to read its configuration again.
/// </summary>
public static class IgnoredSignals
{
    /// <summary>Has this process hear them again. To be called first: .NET looks at what is ignored once, at a registration or at the first child process.</summary>
    /// <param name="hangUp">SIGHUP, too: for who has a use for it. To anything else it would be the end, from which <c>nohup</c> is to save it.</param>
    public static void HearAgain(bool hangUp)
    {
        foreach (var signal in (int[])(hangUp ? [Libc.SigInt, Libc.SigQuit, Libc.SigHup] : [Libc.SigInt, Libc.SigQuit]))
        {
            if ((Ignored() & (1UL << (signal - 1))) != 0)
            {
                _ = Libc.Signal(signal, Libc.DefaultAction);
            }
        }
    }

    private static ulong Ignored() => File.ReadLines("/proc/self/status").FirstOrDefault(l => l.StartsWith("SigIgn:", StringComparison.Ordinal)) is { } line
        ? ulong.Parse(line.Split(':')[1].Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture)
        : 0;
}
