namespace PgAutoFailover.Harness.Clients;

/// <summary>A row whose commit was acknowledged without reservation.</summary>
/// <param name="Id">The number that the row holds.</param>
/// <param name="Sent">When the statement was sent.</param>
/// <param name="At">When the answer was there.</param>
/// <param name="Port">The port of the server that answered.</param>
public readonly record struct Acknowledgement(long Id, TimeSpan Sent, TimeSpan At, int Port);

/// <summary>Refusals of the same kind in a row.</summary>
public sealed record Refusals(TimeSpan First, TimeSpan Last, int Count, string Reason);

/// <summary>A row that was acknowledged and is not there.</summary>
public sealed record MissingRow(string Writer, Acknowledgement Acknowledged)
{
    public override string ToString() =>
        $"{Writer} #{Acknowledged.Id}, acknowledged by port {Acknowledged.Port} at {Acknowledged.At.TotalSeconds:0.000} s";
}
