using PgAutoFailover.Postgres.Server;

namespace PgAutoFailover.Postgres.Postmasters;

/// <summary>From what a postmaster wrote before it ended to a sentence that says what is wrong and what to do.</summary>
internal static class StartupFailure
{
    // The first that matches wins: causes stand before their consequences.
    private static readonly (string Sign, string Reason, string Hint)[] s_known =
    [
        ("cannot be run as root", "PostgreSQL does not run as root", "Run pg_autoctl as the user that owns the data directory."),
        ("global/pg_control", "the control file global/pg_control is missing or cannot be read",
            "Bring the data directory back from a backup, or move it away and create the node again from a base backup."),
        ("No space left on device", "the disk is full", "Make room on the file systems of the data directory and of pg_wal."),
        ("Address already in use", "the port is taken by another process", "Stop that process, or set another postgresql.port."),
        ("could not bind", "it could not listen on the configured address and port", "Check postgresql.listen_addresses and postgresql.port."),
        ("has wrong ownership", "the data directory belongs to another user", "Run pg_autoctl as its owner, or change its owner."),
        ("has invalid permissions", "the data directory is open to others", "Set its mode to 0700 or 0750."),
        ("Permission denied", "a file may not be read or written", "Check owner and mode of the file named below."),
        ("pre-existing shared memory", "processes of an earlier postmaster still run", "End the postgres processes that work in the data directory."),
        ("lock file \"postmaster.pid\" already exists", "another postmaster seems to run on the data directory", "Check the process named below."),
        ("could not access file \"pg_stat_statements\"", "the library pg_stat_statements is not installed",
            "Install PostgreSQL's contrib modules for this major version."),
        ("could not load library", "a library of shared_preload_libraries cannot be loaded", "Install it, or take it out of the settings."),
        ("insufficient parameter settings", "settings are lower here than on the primary", "Raise the setting named below to the primary's value."),
        ("was initialized by PostgreSQL version", "the data directory belongs to another major version", "Set postgresql.pg_ctl to a matching one."),
        ("contains errors", "a configuration file has errors", "Correct the line named below."),
        ("private key file", "the server's key cannot be used", "Check ssl.key_file: owner, and mode 0600."),
        ("certificate file", "the server's certificate cannot be used", "Check ssl.cert_file and ssl.ca_file."),
        ("Cannot allocate memory", "there is not enough memory for its shared memory", "Lower shared_buffers, or free memory."),
        ("could not locate a valid checkpoint record", "the WAL that recovery needs is missing", "Create the node again from a base backup."),
        ("could not locate required checkpoint record", "the WAL that recovery needs is missing", "Create the node again from a base backup."),
        ("is not a child of this server's history", "its timeline is not part of the upstream's history", "It needs pg_rewind or a base backup."),
    ];

    public static PostgresException Explain(string pgData, IReadOnlyList<string> lines)
    {
        var said = Errors(lines);
        var known = s_known.FirstOrDefault(k => lines.Any(l => l.Contains(k.Sign, StringComparison.Ordinal)));
        return known.Sign is null
            ? new PostgresException($"PostgreSQL did not start in \"{pgData}\": {said}", "Look at startup.log and log/ in the data directory.")
            : new PostgresException($"PostgreSQL did not start in \"{pgData}\", {known.Reason}: {said}", known.Hint);
    }

    private static string Errors(IReadOnlyList<string> lines)
    {
        // Errors in configuration files, and ports that are taken, are told at level LOG.
        string[] marks = ["FATAL:", "PANIC:", "ERROR:", "DETAIL:", "could not bind", "configuration parameter", "syntax error in file", "invalid value for"];
        var errors = lines.Where(l => marks.Any(m => l.Contains(m, StringComparison.Ordinal))).TakeLast(4).ToList();
        var chosen = errors.Count > 0 ? errors : [.. lines.TakeLast(3)];
        return chosen.Count > 0 ? string.Join("; ", chosen.Select(WithoutPrefix)) : "it left no message";
    }

    // 2026-11-21 10:00:00.123 UTC [4711] FATAL:  ...
    private static string WithoutPrefix(string line)
    {
        var end = line.IndexOf("] ", StringComparison.Ordinal);
        return end is > 0 and < 80 ? line[(end + 2)..] : line.Trim();
    }
}
