using System.Globalization;
using System.Text;

namespace PgAutoFailover.Cli.Http;

/// <summary>An answer: plain text, after which the connection is closed.</summary>
internal sealed record HttpReply(int Status, string Body)
{
    /// <summary>One line, for a person who looks what a load balancer sees.</summary>
    public static HttpReply Line(int status, string reason) => new(status, reason + "\n");

    public static HttpReply Ok(string reason) => Line(200, reason);

    public static HttpReply Unavailable(string reason) => Line(503, reason);

    /// <summary>Of <c>HEAD</c> and <c>OPTIONS</c>, with which load balancers ask, the status is all that counts.</summary>
    public byte[] ToBytes(bool withBody)
    {
        var body = Encoding.UTF8.GetBytes(Body);
        var reason = Status switch
        {
            200 => "OK",
            400 => "Bad Request",
            404 => "Not Found",
            405 => "Method Not Allowed",
            408 => "Request Timeout",
            431 => "Request Header Fields Too Large",
            _ => "Service Unavailable",
        };
        var head = string.Create(
            CultureInfo.InvariantCulture,
            $"HTTP/1.1 {Status} {reason}\r\nContent-Type: text/plain; version=0.0.4; charset=utf-8\r\nContent-Length: {body.Length}\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n");
        return [.. Encoding.ASCII.GetBytes(head), .. withBody ? body : []];
    }
}
