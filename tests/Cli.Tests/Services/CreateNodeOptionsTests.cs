using System.CommandLine;
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
}
