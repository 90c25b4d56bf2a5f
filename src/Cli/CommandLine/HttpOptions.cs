using System.CommandLine;
using PgAutoFailover.Cli.Configuration;

namespace PgAutoFailover.Cli.CommandLine;

/// <summary>The options that say where metrics and health are to be had over HTTP.</summary>
internal sealed class HttpOptions
{
    private readonly Option<int?> _port = NewOption.Number("--http-port", null, "port for metrics and health over HTTP; 0, the default: none", 0, 65535);
    private readonly Option<string?> _listen = NewOption.Text("--http-listen", null, "address on which they are served; default: 127.0.0.1");

    public HttpOptions(Command command)
    {
        command.Options.Add(_port);
        command.Options.Add(_listen);
    }

    /// <summary>None of them is given.</summary>
    public bool AreAbsent(ParseResult parsed) => parsed.GetValue(_port) is null && parsed.GetValue(_listen) is null;

    /// <exception cref="CommandFailure">The address is none.</exception>
    public NodeConfig Apply(NodeConfig config, ParseResult parsed)
    {
        if (parsed.GetValue(_listen) is { } address && ConfigKeys.HttpListen.Problem(address) is { } problem)
        {
            throw CommandFailure.BadArguments(problem);
        }

        config = CreateOptions.Set(config, ConfigKeys.HttpListen, parsed.GetValue(_listen));
        return parsed.GetValue(_port) is { } port ? config.With(ConfigKeys.HttpPort, port) : config;
    }
}
