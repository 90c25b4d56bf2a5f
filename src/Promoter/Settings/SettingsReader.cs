using System.Collections.Immutable;
using System.Globalization;
using PgAutoFailover.Postgres.Connections;

namespace PgAutoFailover.Promoter.Settings;

/// <summary>Makes settings of what the worker told, and finds everything that is wrong with them at once.</summary>
internal static class SettingsReader
{
    public static PromoterSettings Read(IReadOnlyDictionary<string, string> values, int generation)
    {
        var problems = new List<string>();
        var conninfo = values["primary_conninfo"];
        var primary = Primary(conninfo, problems);
        var witnesses = Try(problems, "pg_promoter.witnesses", () => WitnessList.Parse(values["witnesses"], primary.FirstOrDefault()));
        var quorum = (int)Number(values, "witness_quorum");
        if (quorum > witnesses.Length)
        {
            problems.Add($"pg_promoter.witness_quorum is {quorum}, but pg_promoter.witnesses names {witnesses.Length}");
        }

        return new PromoterSettings
        {
            Generation = generation,
            PrimaryConninfo = conninfo,
            Replication = Number(values, "replication") != 0 || (problems.Count == 0 && Conninfo.AsksForReplication(conninfo)),
            Primary = primary,
            Witnesses = witnesses,
            WitnessQuorum = quorum > 0 || witnesses.IsEmpty ? quorum : (witnesses.Length / 2) + 1,
            KeepAlive = Milliseconds(values, "keep_alive_ms"),
            KeepaliveCount = (int)Number(values, "keepalive_count"),
            ConnectTimeout = Milliseconds(values, "connect_timeout_ms"),
            StatementTimeout = Milliseconds(values, "statement_timeout_ms"),
            MaxLag = Number(values, "max_lag_bytes") is >= 0 and var lag ? lag : null,
            FenceCommand = values["fence_command"].Trim(),
            TriggerCommand = values["trigger_command"].Trim(),
            CommandTimeout = Milliseconds(values, "command_timeout_ms"),
            DryRun = Number(values, "dry_run") != 0,
            Problems = [.. problems],
        };
    }

    private static ImmutableArray<ConnectionUri> Primary(string conninfo, List<string> problems)
    {
        if (string.IsNullOrWhiteSpace(conninfo))
        {
            problems.Add("neither pg_promoter.primary_conninfo nor primary_conninfo is set");
            return [];
        }

        return Try(problems, "the primary's connection string", () => Conninfo.Parse(conninfo));
    }

    private static ImmutableArray<T> Try<T>(List<string> problems, string what, Func<ImmutableArray<T>> parse)
    {
        try
        {
            return parse();
        }
        catch (FormatException e)
        {
            problems.Add($"{what} cannot be used: {e.Message}");
            return [];
        }
    }

    private static long Number(IReadOnlyDictionary<string, string> values, string name) =>
        long.Parse(values[name], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);

    private static TimeSpan Milliseconds(IReadOnlyDictionary<string, string> values, string name) => TimeSpan.FromMilliseconds(Number(values, name));
}
