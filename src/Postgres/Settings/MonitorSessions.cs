using PgAutoFailover.Postgres.Files;

namespace PgAutoFailover.Postgres.Settings;

/// <summary>
/// How many sessions the PostgreSQL of a new monitor has. Every keeper keeps two open, so that the 100 of initdb would do for fewer than 50 nodes. What
/// is reserved for superusers is for the monitor's own service, which has up to ten, and for an operator, whoever else has taken the rest. It stands in
/// postgresql.conf, where initdb has written the one and an operator looks for both.
/// </summary>
internal static class MonitorSessions
{
    public const int Max = 500;
    public const int ForSuperusers = 20;

    private const string DefaultMax = "max_connections = 100";
    private const string DefaultForSuperusers = "#superuser_reserved_connections = 3";

    /// <summary>Of a cluster that initdb has just made. One that it had to make smaller, for want of memory, stays so.</summary>
    public static void Raise(string pgData)
    {
        var path = Path.Combine(pgData, "postgresql.conf");
        var lines = File.ReadAllText(path).Split('\n');
        if (Find(lines, DefaultMax) is { } max && Find(lines, DefaultForSuperusers) is { } reserved)
        {
            lines[max] = lines[max].Replace(DefaultMax, $"max_connections = {Max}", StringComparison.Ordinal);
            lines[reserved] = lines[reserved].Replace(DefaultForSuperusers, $"superuser_reserved_connections = {ForSuperusers}", StringComparison.Ordinal);
            AtomicFile.Write(path, string.Join('\n', lines));
        }
    }

    private static int? Find(string[] lines, string start) => Array.FindIndex(lines, l => l.StartsWith(start, StringComparison.Ordinal)) is >= 0 and var index ? index : null;
}
