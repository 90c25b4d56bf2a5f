namespace PgAutoFailover.Simulation.Checks;

/// <summary>In which way a run failed; decides the exit code.</summary>
internal enum ViolationKind
{
    /// <summary>The product threw what it should not, or a continuation escaped.</summary>
    Crash,

    /// <summary>An acknowledged write is lost, two nodes can acknowledge, a decision was forgotten.</summary>
    Safety,

    /// <summary>A group does not come to rest in a good state.</summary>
    Liveness,
}

/// <summary>What went wrong, and when.</summary>
internal sealed record Violation(ViolationKind Kind, string What, TimeSpan At);
