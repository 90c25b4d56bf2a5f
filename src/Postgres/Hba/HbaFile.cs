using Microsoft.Extensions.Logging;
using PgAutoFailover.Postgres.Files;
using PgAutoFailover.Postgres.Settings;

namespace PgAutoFailover.Postgres.Hba;

/// <summary>Appends rules to <c>pg_hba.conf</c>. What is in it already, an operator's lines above all, is never changed.</summary>
internal sealed class HbaFile(ILogger logger)
{
    /// <summary>Adds the rules that are missing. True when the file changed and the server must reload.</summary>
    public bool Add(PostgresOptions options, IReadOnlyList<HbaRule> rules)
    {
        var version = ClusterFiles.Exist(options.PgData) ? ClusterFiles.MajorVersion(options.PgData) : 0;
        var wanted = rules.Select(r => r.ToLine(version)).Distinct(StringComparer.Ordinal);
        if (options.HbaLevel == HbaLevel.Skip)
        {
            foreach (var rule in wanted)
            {
                Log.HbaRuleNeeded(logger, rule);
            }

            return false;
        }

        var path = Path.Combine(options.PgData, "pg_hba.conf");
        var content = File.Exists(path) ? File.ReadAllText(path) : "";
        var lines = content.Split('\n').ToHashSet(StringComparer.Ordinal);
        var missing = wanted.Where(r => !lines.Any(l => IsSame(l, r))).ToList();
        if (missing.Count == 0)
        {
            return false;
        }

        if (content.Length > 0 && !content.EndsWith('\n'))
        {
            content += "\n";
        }

        var earlier = content.Split('\n').Select((line, index) => (line, index)).ToList();
        foreach (var rule in rules.Where(r => missing.Contains(r.ToLine(version))))
        {
            foreach (var (line, index) in earlier)
            {
                if (rule.WhatComesFirst(line, version) is { } first)
                {
                    Log.HbaLineComesFirst(logger, index + 1, path, first, rule.ToLine(version));
                }
            }
        }

        AtomicFile.Write(path, content + string.Concat(missing.Select(r => $"{r} {HbaRule.Marker}\n")));
        missing.ForEach(r => Log.AddedHbaRule(logger, path, r));
        return true;
    }

    // Followed by the end of the line or by white space: options of the method, or a comment.
    private static bool IsSame(string line, string rule) =>
        line.StartsWith(rule, StringComparison.Ordinal) && (line.Length == rule.Length || char.IsWhiteSpace(line[rule.Length]));
}
