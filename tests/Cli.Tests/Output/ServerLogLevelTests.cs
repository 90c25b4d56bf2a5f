using Microsoft.Extensions.Logging;
using PgAutoFailover.Cli.Output;
using Shouldly;

namespace PgAutoFailover.Cli.Tests.Output;

public sealed class ServerLogLevelTests
{
    [Theory]
    [InlineData("2026-11-21 03:30:55.058 UTC [5374] LOG:  starting PostgreSQL", LogLevel.Information)]
    [InlineData("2026-11-21 03:30:55.314 UTC [5486] ERROR:  role \"postgres\" already exists", LogLevel.Error)]
    [InlineData("2026-11-21 03:30:55.314 UTC [5486] STATEMENT:  select 'ERROR:  not really'", LogLevel.Information)]
    [InlineData("2026-11-21 03:30:55.314 UTC [5486] FATAL:  terminating walreceiver due to timeout", LogLevel.Critical)]
    [InlineData("2026-11-21 03:30:55.314 UTC [5486] WARNING:  careful", LogLevel.Warning)]
    [InlineData("\tcontinued", LogLevel.Information)]
    public void It_is_that_of_the_lines_first_severity(string line, LogLevel level) => ServerLogLevel.Of(line).ShouldBe(level);
}
