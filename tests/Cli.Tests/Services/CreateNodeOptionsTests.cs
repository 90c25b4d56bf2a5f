using System.CommandLine;
using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Configuration;
using PgAutoFailover.Cli.Services;
using Shouldly;

namespace PgAutoFailover.Cli.Tests.Services;

public sealed class CreateNodeOptionsTests
{
    [Theory]
    [InlineData("PG_AUTOCTL_PG_HBA_LAN", "true", "", "app")]
    [InlineData("PG_AUTOCTL_HBA_LAN", "true", "", "app")]
    [InlineData("PG_AUTOCTL_HBA_LAN", "false", "", "minimal")]
    [InlineData("PG_AUTOCTL_HBA_LAN", "false", "--pg-hba-lan", "app")]
    public void The_local_network_is_let_in_where_the_option_or_a_variable_says_so(string variable, string value, string option, string level)
    {
        var terminal = new FakeTerminal();
        terminal.Variables[variable] = value;
        var command = new Command("postgres");
        var options = new CreateNodeOptions(command);

        var config = options.Merge(NodeConfig.New(ConfigKeys.KeeperRole), command.Parse($"--monitor postgres://a@b:1/c {option}"), terminal.Context);

        config[ConfigKeys.HbaLevel].ShouldBe(level);
    }

    [Theory]
    [InlineData("", "db1", "6432", "db1", "6432")]
    [InlineData("--client-hostname db2", "db1", "6432", "db2", "6432")]
    [InlineData("--client-port 0", "db1", "6432", "db1", null)]
    [InlineData("--client-port 6433", null, null, null, "6433")]
    public void The_address_for_applications_comes_from_options_or_variables(string options, string? host, string? port, string? expectedHost, string? expectedPort)
    {
        var config = Merge(NodeConfig.New(ConfigKeys.KeeperRole), options, host, port);

        (config[ConfigKeys.ClientHostName], config[ConfigKeys.ClientPort]).ShouldBe((expectedHost, expectedPort));

        // Of a node that is there, the variables change nothing.
        Merge(config.With(ConfigKeys.Monitor, "postgres://a@b:1/c"), "", "other", "1")[ConfigKeys.ClientHostName].ShouldBe(expectedHost);
    }

    [Fact]
    public void A_port_for_applications_that_is_none_is_refused() =>
        Should.Throw<CommandFailure>(() => Merge(NodeConfig.New(ConfigKeys.KeeperRole), "", null, "many")).ExitCode.ShouldBe(ExitCode.BadArguments);

    private static NodeConfig Merge(NodeConfig before, string arguments, string? host, string? port)
    {
        var terminal = new FakeTerminal();
        foreach (var (variable, value) in new[] { ("PG_AUTOCTL_CLIENT_HOSTNAME", host), ("PG_AUTOCTL_CLIENT_PORT", port) })
        {
            if (value is not null)
            {
                terminal.Variables[variable] = value;
            }
        }

        var command = new Command("postgres");
        var options = new CreateNodeOptions(command);
        return options.Merge(before, command.Parse($"--monitor postgres://a@b:1/c {arguments}"), terminal.Context);
    }
}
