namespace PgAutoFailover.Postgres.Postmasters;

/// <summary>How the restart policy stands; replaced whole.</summary>
internal sealed record SupervisedState
{
    public static SupervisedState Initial { get; } = new();

    /// <summary>It is to run, and is started again when it dies.</summary>
    public bool IsToRun { get; init; }

    /// <summary>Restarts tried since it was last up for good.</summary>
    public int Attempts { get; init; }

    /// <summary>Timestamp of its death, or of the first attempt to start it.</summary>
    public long? DownSince { get; init; }

    public long? UpSince { get; init; }

    public string? Problem { get; init; }

    /// <summary>No more restarts until it is told to start.</summary>
    public bool HasGivenUp { get; init; }
}
