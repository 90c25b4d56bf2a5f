using System.CommandLine;
using PgAutoFailover.Cli.Monitors;

namespace PgAutoFailover.Cli.CommandLine;

/// <summary><c>--skip-hooks</c>, of commands that ask for a planned change.</summary>
internal sealed class SkipHooksOption
{
    /// <summary>The longest that <c>hooks.timeout</c> may be, and a minute.</summary>
    private static readonly TimeSpan s_callLimit = TimeSpan.FromSeconds(660);

    private readonly Option<bool> _option = new("--skip-hooks") { Description = "do not ask the hooks before_change of the nodes; an event tells of it" };

    public SkipHooksOption(Command command) => command.Add(_option);

    /// <summary>Says so to the monitor where it was given, for what follows in this session; where it was not, the session waits for what hooks have to say.</summary>
    public async Task ApplyAsync(ParseResult parsed, MonitorConnection monitor, CancellationToken cancellationToken)
    {
        monitor.CallLimit = s_callLimit;
        if (parsed.GetValue(_option))
        {
            await monitor.ScalarAsync<string>("select set_config('pgautofailover.skip_hooks', 'on', false)", cancellationToken);
        }
    }
}
