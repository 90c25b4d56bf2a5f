using System.Net;
using PgAutoFailover.Cli.Configuration;

namespace PgAutoFailover.Cli.Http;

/// <summary>Where the pages are to be had, as the configuration says.</summary>
internal static class HttpAddress
{
    /// <summary>Null where they are not asked for.</summary>
    public static IPEndPoint? Of(NodeConfig config) => config.Number(ConfigKeys.HttpPort) is var port and > 0
        ? new IPEndPoint(config[ConfigKeys.HttpListen] is { } address ? IPAddress.Parse(address) : IPAddress.Loopback, port)
        : null;
}
