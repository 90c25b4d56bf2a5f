using System.Text;

namespace PgAutoFailover.Postgres.Settings;

/// <summary>Settings that depend on the machine: the block that 2.0 computes, in its order.</summary>
/// <remarks>
/// 2.0 takes a quarter of the machine's memory for every node, which hurts as soon as two nodes share a machine. Here the measure
/// is what is available now: what other nodes hold is not counted twice. It is never more than 2.0 would take. The block is
/// computed once, for a new cluster, and kept: otherwise it would change with every look.
/// </remarks>
public static class MachineTuning
{
    internal const string Header = "# basic tuning computed by pg_auto_failover";

    private const long Mb = 1024 * 1024;
    private const long Gb = 1024 * Mb;
    private const string ContainerLimit = "/sys/fs/cgroup/memory.max";

    /// <summary>The block for this machine as it is now.</summary>
    /// <param name="small">Small built-in values, for many test nodes on one machine.</param>
    public static string Describe(bool small)
    {
        var (total, available) = ReadMemory();
        var text = new StringBuilder(Header).Append('\n');
        foreach (var (name, value) in Compute(total, available, Environment.ProcessorCount, small))
        {
            text.Append($"{name} = {value}\n");
        }

        return text.Append('\n').ToString();
    }

    internal static IReadOnlyList<(string Name, string Value)> Compute(long totalMemory, long availableMemory, int cpus, bool small)
    {
        var buffers = Math.Min(SharedBuffers(totalMemory), availableMemory / 4);
        return
        [
            ("track_functions", "pl"),
            ("shared_buffers", Quoted(small ? 128 * Mb : Math.Max(buffers, 128 * Mb))),
            ("work_mem", Quoted(small ? 4 * Mb : Step(totalMemory, 16 * Mb, 24 * Mb, 32 * Mb, 64 * Mb))),
            ("maintenance_work_mem", Quoted(small ? 64 * Mb : Step(totalMemory, 256 * Mb, 512 * Mb, Gb, 2 * Gb))),
            ("effective_cache_size", Quoted(small ? 4 * Gb : Math.Max(availableMemory - buffers, Gb))),
            ("autovacuum_max_workers", (small ? 3 : Workers(cpus)).ToString()),
            ("autovacuum_vacuum_scale_factor", "0.08"),
            ("autovacuum_analyze_scale_factor", "0.02"),
        ];
    }

    /// <summary>Total and available memory of this machine, or of the container that limits this process.</summary>
    internal static (long Total, long Available) ReadMemory()
    {
        var info = File.ReadLines("/proc/meminfo").Select(l => l.Split(':')).ToDictionary(p => p[0], p => p[1].Trim());
        var (total, available) = (Kilobytes("MemTotal"), Kilobytes("MemAvailable"));
        return File.Exists(ContainerLimit) && long.TryParse(File.ReadAllText(ContainerLimit), out var limit)
            ? (Math.Min(total, limit), Math.Min(available, limit))
            : (total, available);

        long Kilobytes(string name) => long.Parse(info[name].Split(' ')[0]) * 1024;
    }

    private static long SharedBuffers(long memory) => memory switch
    {
        <= 64 * Gb => memory / 4,
        <= 256 * Gb => 16 * Gb,
        _ => 32 * Gb,
    };

    private static long Step(long memory, long small, long medium, long large, long huge) => memory switch
    {
        <= 8 * Gb => small,
        <= 64 * Gb => medium,
        <= 256 * Gb => large,
        _ => huge,
    };

    private static int Workers(int cpus) => cpus switch
    {
        < 16 => 3,
        < 24 => 4,
        < 32 => 6,
        < 48 => 8,
        < 64 => 12,
        _ => 16,
    };

    // As 2.0 prints sizes: the largest unit of which there are at least ten, except for whole numbers of smaller ones.
    private static string Quoted(long bytes) => bytes % Gb == 0 || bytes >= 10 * Gb ? $"'{bytes / Gb} GB'" : $"'{bytes / Mb} MB'";
}
