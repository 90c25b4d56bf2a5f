using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace PgAutoFailover.Postgres.Programs;

/// <summary>What a program answers to one question about itself.</summary>
internal static class ProgramOutput
{
    public static async Task<string> ReadAsync(string program, string argument, CancellationToken cancellationToken) =>
        (await new ProgramRunner(NullLogger.Instance).RunAsync(new ProgramCall(program, argument), LogLevel.None, cancellationToken)).Trim();
}
