using System.Runtime.InteropServices;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using PgAutoFailover.Cli.Logging;
using PgAutoFailover.Postgres.Server;

namespace PgAutoFailover.Cli.Services;

/// <summary>
/// The signals of a running service: SIGTERM and SIGINT end it and stop PostgreSQL fast, SIGQUIT stops PostgreSQL at once,
/// SIGHUP has the configuration read again. A stronger signal than the first is obeyed while the stop is under way.
/// </summary>
internal sealed class StopSignals : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _immediate = new();
    private readonly List<PosixSignalRegistration> _registrations = [];
    private readonly ILogger _log;

    // One reload that is under way and one that waits are enough: the second reads whatever was written before it began.
    private readonly Channel<bool> _reloads = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public StopSignals(ILogger log)
    {
        _log = log;
        Register(PosixSignal.SIGTERM, "SIGTERM", () => _stop.Cancel());
        Register(PosixSignal.SIGINT, "SIGINT", () => _stop.Cancel());
        Register(PosixSignal.SIGQUIT, "SIGQUIT", () =>
        {
            _immediate.Cancel();
            _stop.Cancel();
        });
        Register(PosixSignal.SIGHUP, "SIGHUP", () => _reloads.Writer.TryWrite(true));
    }

    /// <summary>Everything is to stop.</summary>
    public CancellationToken Stop => _stop.Token;

    /// <summary>PostgreSQL is to stop at once.</summary>
    public CancellationToken Immediate => _immediate.Token;

    /// <summary>Stops as SIGTERM does.</summary>
    public Task RequestStopAsync() => _stop.CancelAsync();

    /// <summary>An item for each reload that was asked for.</summary>
    public IAsyncEnumerable<bool> ReadReloadsAsync(CancellationToken cancellationToken) => _reloads.Reader.ReadAllAsync(cancellationToken);

    /// <summary>Stops PostgreSQL the way the signals ask for, also when they change their mind meanwhile.</summary>
    public async Task StopPostgresAsync(IPostgresServer server)
    {
        if (!Immediate.IsCancellationRequested)
        {
            try
            {
                await server.StopAsync(StopMode.Patient, Immediate);
                return;
            }
            catch (OperationCanceledException) when (Immediate.IsCancellationRequested)
            {
                // SIGQUIT came while we waited.
            }
        }

        await server.StopAsync(StopMode.Immediate, CancellationToken.None);
    }

    public void Dispose()
    {
        _registrations.ForEach(r => r.Dispose());
        _stop.Dispose();
        _immediate.Dispose();
    }

    private void Register(PosixSignal signal, string name, Action act) => _registrations.Add(PosixSignalRegistration.Create(signal, context =>
    {
        context.Cancel = true;
        _log.SignalReceived(name);
        act();
    }));
}
