using System.Runtime.InteropServices;
using System.Threading.Channels;

namespace PgAutoFailover.Cli.Watch;

/// <summary>The signals that end the dashboard, which otherwise would leave the terminal as it is; and the one of a resized window.</summary>
internal sealed class EndSignals : IDisposable
{
    private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<PosixSignalRegistration> _registrations = [];

    public EndSignals(ChannelWriter<Happening> happenings)
    {
        foreach (var signal in (PosixSignal[])[PosixSignal.SIGTERM, PosixSignal.SIGHUP, PosixSignal.SIGINT, PosixSignal.SIGQUIT])
        {
            Register(signal, () => _end.TrySetResult());
        }

        Register(PosixSignal.SIGWINCH, () => happenings.TryWrite(new Happening.Resized()));
    }

    /// <summary>Completed by the first of them.</summary>
    public Task End => _end.Task;

    public void Dispose() => _registrations.ForEach(r => r.Dispose());

    private void Register(PosixSignal signal, Action act) => _registrations.Add(PosixSignalRegistration.Create(signal, context =>
    {
        context.Cancel = true;
        act();
    }));
}
