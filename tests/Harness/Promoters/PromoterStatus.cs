namespace PgAutoFailover.Harness.Promoters;

/// <summary>A row of the view <c>pg_promoter_status</c>. What is null there is 0 or empty here.</summary>
public sealed record PromoterStatus(
    bool InRecovery,
    int WorkerPid,
    int ProcessPid,
    int ProcessStarts,
    string State,
    long Looks,
    bool HasContact,
    int Failures,
    string LastError,
    long Behind,
    string NextAction,
    string Witnesses)
{
    internal const string Query =
        """
        select pg_is_in_recovery(), coalesce(worker_pid, 0), coalesce(process_pid, 0), process_starts, coalesce(state, ''), coalesce(looks, 0),
               last_contact is not null, coalesce(failures, 0), coalesce(last_error, ''), coalesce(behind_bytes, 0), coalesce(next_action, ''),
               coalesce(witnesses::text, '')
        from pg_promoter_status
        """;
}
