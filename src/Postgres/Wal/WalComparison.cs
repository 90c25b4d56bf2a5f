using Microsoft.Extensions.Logging;
using PgAutoFailover.Core.Vocabulary;
using PgAutoFailover.Postgres.Server;
using PgAutoFailover.Postgres.Settings;
using PgAutoFailover.Postgres.Standby;

namespace PgAutoFailover.Postgres.Wal;

/// <summary>
/// Tells two timelines of one number apart, which PostgreSQL does not: by where they were begun, by the first record, which carries the time of the promotion and a
/// checksum over it, and by the last records that both should have. Looked at is the last timeline that both have been on: where it is the same one, so are those before it.
/// </summary>
internal static class WalComparison
{
    // The record with which a timeline begins, or most of it.
    private const ulong HeadLength = 64;
    private const ulong TailLength = 8192;

    /// <summary>As <see cref="IPostgresServer.SharesWalAsync"/> says.</summary>
    public static async Task<bool?> RunAsync(
        PostgresOptions options, Upstream upstream, UpstreamIdentity identity, int timeline, Lsn end, ILogger logger, CancellationToken cancellationToken)
    {
        if (WalSegments.Of(options.PgData) is not { } segments)
        {
            return null;
        }

        var own = TimelineSpan.Of(await ReadOwnHistoryAsync(options, timeline, cancellationToken), timeline, end);
        var theirs = TimelineSpan.Of(identity.History, identity.Timeline, identity.FlushLsn);
        if (own.Select(s => s.Timeline).Intersect(theirs.Select(s => s.Timeline)).DefaultIfEmpty().Max() is var common && common == 0)
        {
            return null;
        }

        var (here, there) = (own.First(s => s.Timeline == common), theirs.First(s => s.Timeline == common));
        if (here.Begin.IsValid && here.Begin != there.Begin)
        {
            return false;
        }

        bool? shared = null;
        foreach (var range in Ranges(segments, here, there))
        {
            var ours = await ReadOwnAsync(options, Files(segments, own, common, range), range.Length, cancellationToken);
            var upstreams = ours is null ? null : await ReadTheirsAsync(options, upstream, Files(segments, theirs, common, range), range.Length, logger, cancellationToken);
            if (ours is not null && upstreams is not null)
            {
                if (!ours.AsSpan().SequenceEqual(upstreams))
                {
                    return false;
                }

                shared = true;
            }
        }

        return shared;
    }

    // The tail only where all that is here should be there, too. Behind the point at which either left, what looks like WAL may be the rest of a record that was given up.
    private static IEnumerable<WalRange> Ranges(WalSegments segments, TimelineSpan here, TimelineSpan there)
    {
        var end = Math.Min(here.End.Value, there.End.Value);
        var begin = there.Begin.Value;
        var head = new WalRange(begin, Math.Min(Math.Min(begin + HeadLength, segments.EndOfFileAt(begin)), end));
        if (there.Begin.IsValid && head.Length > 0)
        {
            yield return head;
        }

        var from = Math.Max(begin, segments.StartOfFileAt(end - 1));
        var tail = new WalRange(Math.Max(from, end > TailLength ? end - TailLength : 0), end);
        if (here.End <= there.End && tail.Length > 0)
        {
            yield return tail;
        }
    }

    // A file that a node had begun when it left a timeline is continued under the name of the next one, and may be there under that alone.
    private static IEnumerable<(string Name, long Offset)> Files(WalSegments segments, IReadOnlyList<TimelineSpan> spans, int timeline, WalRange range) =>
        spans.SkipWhile(s => s.Timeline != timeline)
            .TakeWhile(s => s.Timeline == timeline || segments.StartOfFileAt(s.Begin.Value) == segments.StartOfFileAt(range.From))
            .Select(s => (segments.NameAt(s.Timeline, range.From), (long)(range.From - segments.StartOfFileAt(range.From))));

    private static async Task<IReadOnlyList<(int Timeline, Lsn SwitchPoint)>> ReadOwnHistoryAsync(
        PostgresOptions options, int timeline, CancellationToken cancellationToken)
    {
        var path = Path.Combine(options.PgData, "pg_wal", TimelineHistory.FileName(timeline));
        return timeline > 1 && File.Exists(path) ? TimelineHistory.Parse(await File.ReadAllTextAsync(path, cancellationToken)) : [];
    }

    private static async Task<byte[]?> ReadOwnAsync(
        PostgresOptions options, IEnumerable<(string Name, long Offset)> files, int length, CancellationToken cancellationToken)
    {
        foreach (var (name, offset) in files)
        {
            var path = Path.Combine(options.PgData, "pg_wal", name);
            if (File.Exists(path))
            {
                await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
                file.Position = offset;
                var content = new byte[length];
                return await file.ReadAtLeastAsync(content, length, throwOnEndOfStream: false, cancellationToken) == length ? content : null;
            }
        }

        return null;
    }

    private static async Task<byte[]?> ReadTheirsAsync(
        PostgresOptions options, Upstream upstream, IEnumerable<(string Name, long Offset)> files, int length, ILogger logger, CancellationToken cancellationToken) =>
        (await UpstreamClient.ReadFilesAsync(options, upstream, files.Select(f => ($"pg_wal/{f.Name}", f.Offset, (long)length)), logger, cancellationToken))
            .FirstOrDefault(content => content?.Length == length);
}
