using Microsoft.Extensions.Logging.Abstractions;
using PgAutoFailover.Monitor.Service;

namespace PgAutoFailover.Monitor.Tests.Service;

/// <summary>A service socket that runs until it is disposed.</summary>
internal sealed class RunningSocket : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly ServiceSocket _socket;
    private readonly Task _run;

    public RunningSocket(ServiceAddress address, IServiceRequests requests)
    {
        _socket = new ServiceSocket(address, requests, TimeProvider.System, NullLogger<ServiceSocket>.Instance);
        _socket.Listen();
        _run = _socket.RunAsync(_stop.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
#pragma warning disable VSTHRD003 // started by the constructor
        await _run;
#pragma warning restore VSTHRD003
        _socket.Dispose();
        _stop.Dispose();
    }
}
