using PgAutoFailover.Simulation.Scheduling;
using PgAutoFailover.Simulation.Worlds;

namespace PgAutoFailover.Simulation.Networks;

/// <summary>
/// A question to a process on another host and its answer, each of which may be late or never come. Who asks waits with a limit of
/// his own.
/// </summary>
/// <param name="asking">The process that asks.</param>
/// <param name="from">Its host.</param>
/// <param name="to">The host that is asked.</param>
internal sealed class Call<T>(SimProcess asking, SimHost from, SimHost to)
{
    // No RunContinuationsAsynchronously: it completes in the turn of the process that asks.
    private readonly TaskCompletionSource<T> _answer = new();

    /// <summary>The answer; fails with what <see cref="Fail"/> was given.</summary>
    public Task<T> Answer => _answer.Task;

    public SimHost Asker => from;

    /// <summary>Sends the question; <paramref name="handle"/> runs on the other host as soon as it arrives, and sees to an answer.</summary>
    public Call<T> Send(Action<Call<T>> handle)
    {
        from.World.Network.Carry(from, to, to.Kernel, static s =>
        {
            var (call, handle) = ((Call<T>, Action<Call<T>>))s!;
            handle(call);
        }, (this, handle));
        return this;
    }

    public void Reply(T value) => from.World.Network.Carry(to, from, asking, _ => _answer.TrySetResult(value), null);

    /// <summary>Whoever asks has learned that no answer will come. On his host.</summary>
    public void Abandon(Exception exception) => _answer.TrySetException(exception);

    /// <summary>The other side refuses, or resets the connection.</summary>
    public void Fail(Exception exception) => from.World.Network.Carry(to, from, asking, _ => _answer.TrySetException(exception), null);
}
