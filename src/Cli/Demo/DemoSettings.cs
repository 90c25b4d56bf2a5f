namespace PgAutoFailover.Cli.Demo;

/// <summary>What a run of the demonstration's application is to be.</summary>
/// <param name="Clients">Clients that connect and write at the same time.</param>
/// <param name="Duration">How long they go on.</param>
/// <param name="FirstFailover">When the first failover is asked for, counted from their start; null for none at all.</param>
/// <param name="FailoverInterval">From then on to the next one, and so on.</param>
internal sealed record DemoSettings(int Clients, TimeSpan Duration, TimeSpan? FirstFailover, TimeSpan FailoverInterval)
{
    public const int MostClients = 128;

    /// <summary>When failovers are asked for, counted from the clients' start.</summary>
    public IEnumerable<TimeSpan> Failovers()
    {
        for (var at = FirstFailover ?? Duration; at < Duration; at += FailoverInterval)
        {
            yield return at;
        }
    }
}
