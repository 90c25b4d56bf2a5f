namespace PgAutoFailover.Postgres.Wal;

/// <summary>Bytes of WAL, all in one file.</summary>
/// <param name="From">The first.</param>
/// <param name="To">The one after the last.</param>
internal readonly record struct WalRange(ulong From, ulong To)
{
    public int Length => To > From ? (int)(To - From) : 0;
}
