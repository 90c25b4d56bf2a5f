using Microsoft.Extensions.Logging;
using PgAutoFailover.Core.Vocabulary;
using PgAutoFailover.Postgres.Programs;
using PgAutoFailover.Postgres.Server;
using PgAutoFailover.Postgres.Settings;

namespace PgAutoFailover.Postgres.Control;

/// <summary>Runs and reads <c>pg_controldata</c>, which knows the layout of its own version.</summary>
internal sealed class ControlDataReader(ProgramRunner programs)
{
    public async Task<ControlData> ReadAsync(PostgresOptions options, CancellationToken cancellationToken)
    {
        var call = new ProgramCall(options.Program("pg_controldata"), "-D", options.PgData);
        return Parse(await programs.RunAsync(call, LogLevel.Trace, cancellationToken));
    }

    internal static ControlData Parse(string output)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in output.Split('\n'))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0)
            {
                values[line[..colon]] = line[(colon + 1)..].Trim();
            }
        }

        return new ControlData(
            int.Parse(Value("pg_control version number")),
            long.Parse(Value("Catalog version number")),
            unchecked((long)ulong.Parse(Value("Database system identifier"))),
            Value("Database cluster state"),
            Lsn.Parse(Value("Latest checkpoint location")),
            int.Parse(Value("Latest checkpoint's TimeLineID")),
            Lsn.Parse(Value("Minimum recovery ending location")),
            int.Parse(Value("Min recovery ending loc's timeline")));

        string Value(string label) => values.TryGetValue(label, out var value)
            ? value
            : throw new PostgresException($"pg_controldata does not say \"{label}\"", "Check postgresql.pg_ctl: it must belong to a supported version.");
    }
}
