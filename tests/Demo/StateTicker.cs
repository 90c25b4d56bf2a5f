using PgAutoFailover.Harness.Clusters;

namespace PgAutoFailover.Demo;

/// <summary>Shows every change of the monitor's table while a step runs.</summary>
internal sealed class StateTicker : IAsyncDisposable
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(50);

    private readonly CancellationTokenSource _stop = new();
    private readonly Task _showing;
    private readonly StateWatcher _states;
    private readonly Screen _screen;
    private int _shown;

    internal StateTicker(StateWatcher states, Screen screen)
    {
        _states = states;
        _screen = screen;
        _shown = states.Changes.Count;
        _showing = ShowAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
#pragma warning disable VSTHRD003 // started by the constructor; a console program has no context to deadlock on
        await _showing;
#pragma warning restore VSTHRD003
        _stop.Dispose();
    }

    private async Task ShowAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            await Task.Delay(s_pause, TimeProvider.System, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            var changes = _states.Changes;
            for (; _shown < changes.Count; _shown++)
            {
                _screen.Show(changes[_shown]);
            }
        }
    }
}
