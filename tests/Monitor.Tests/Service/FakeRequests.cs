using System.Collections.Concurrent;
using System.Text.Json;
using PgAutoFailover.Monitor.Service;

namespace PgAutoFailover.Monitor.Tests.Service;

/// <summary>Stands behind a service socket: answers what the test says and keeps what was asked.</summary>
internal sealed class FakeRequests : IServiceRequests
{
    private readonly ConcurrentDictionary<ServiceConnection, TaskCompletionSource> _closed = new();

    public ConcurrentQueue<(ServiceConnection Connection, JsonElement Request)> Asked { get; } = new();

    public Func<JsonElement, CancellationToken, Task<ServiceReply>> Answer { get; set; } = (_, _) => Task.FromResult(ServiceReply.Success("""{"result":null}"""));

    public void AnswerWith(string json) => Answer = (_, _) => Task.FromResult(ServiceReply.Success(json));

    public async Task<ServiceReply> HandleAsync(ServiceConnection connection, string requestJson, CancellationToken cancellationToken)
    {
        using var document = JsonDocument.Parse(requestJson);
        var request = document.RootElement.Clone();
        Asked.Enqueue((connection, request));
        return await Answer(request, cancellationToken);
    }

    public void ConnectionClosed(ServiceConnection connection) => Closed(connection).TrySetResult();

    /// <summary>Ends when that connection has ended.</summary>
    public Task ClosedAsync(ServiceConnection connection) => Closed(connection).Task;

    private TaskCompletionSource Closed(ServiceConnection connection) =>
        _closed.GetOrAdd(connection, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
}
