using System.Diagnostics.Metrics;
using PgAutoFailover.Monitor;

namespace PgAutoFailover.Cli.Http;

/// <summary>The pages of a monitor, which is neither a primary nor a replica of anything.</summary>
/// <param name="status">Its service's view of all groups; null while it does not run.</param>
/// <param name="acceptsSessions">Whether its PostgreSQL does.</param>
internal sealed class MonitorPages(Func<MonitorStatus?> status, Func<CancellationToken, Task<bool>> acceptsSessions) : IDisposable
{
    private readonly Meter _meter = MonitorMeter.Create(status);

    public async Task<HttpReply> AnswerAsync(HttpRequest request, CancellationToken cancellationToken) => request.Path switch
    {
        "/metrics" => new HttpReply(200, PrometheusText.Of(_meter)),
        "/health" => status() is null ? HttpReply.Unavailable("the monitor's service does not run")
            : await acceptsSessions(cancellationToken) ? HttpReply.Ok("the monitor's service and its PostgreSQL answer")
            : HttpReply.Unavailable("the monitor's PostgreSQL does not accept sessions"),
        _ => HttpReply.Line(404, "this is a monitor: there are /metrics and /health"),
    };

    public void Dispose() => _meter.Dispose();
}
