using System.Diagnostics.Metrics;
using PgAutoFailover.Keeper.Status;

namespace PgAutoFailover.Cli.Http;

/// <summary>The pages of a node.</summary>
/// <param name="status">What its keeper knew last.</param>
internal sealed class NodePages(Func<NodeStatus?> status, TimeProvider time) : IDisposable
{
    private readonly Meter _meter = NodeMeter.Create(status, time);

    public HttpReply Answer(HttpRequest request) => Answer(request, status());

    public void Dispose() => _meter.Dispose();

    private HttpReply Answer(HttpRequest request, NodeStatus? known)
    {
        switch (request.Path)
        {
            case "/metrics":
                return new HttpReply(200, PrometheusText.Of(_meter));
            case "/health":
                return Reply(Serving.WhyNotHealthy(known, time), known);
            case "/primary":
                return Reply(Serving.WhyNotPrimary(known, time), known);
            case "/replica":
                return LagLimit.TryParse(request.Query, out var most)
                    ? Reply(Serving.WhyNotReplica(known, most, time), known)
                    : HttpReply.Line(400, "the limit is written like lag=16MB, with kB, MB, GB or TB, or as a number of bytes");
            default:
                return HttpReply.Line(404, "there are /metrics, /health, /primary and /replica");
        }
    }

    // Whoever may serve has a status.
    private static HttpReply Reply(string? whyNot, NodeStatus? known) => whyNot is null ? HttpReply.Ok(Serving.StateOf(known!)) : HttpReply.Unavailable(whyNot);
}
