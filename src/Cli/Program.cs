using System.Globalization;
using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Logging;
using PgAutoFailover.Cli.Output;
using PgAutoFailover.Cli.Services;
using PgAutoFailover.Postgres.Native;

ProcessTitle.CoverPasswords();
IgnoredSignals.HearAgain(hangUp: ServiceStart.IsAskedFor(args));
CultureInfo.DefaultThreadCurrentCulture = CultureInfo.InvariantCulture;

var output = new StreamWriter(StandardStream.Output) { AutoFlush = true };
var error = new StreamWriter(StandardStream.Error) { AutoFlush = true };
var format = LogFormatChoice.Of(Environment.GetEnvironmentVariable, !Console.IsErrorRedirected, new FileInfo("/proc/self/fd/2").LinkTarget);
using var log = new TerminalLog(error, TimeProvider.System, format ?? LogFormat.Text);
if (format is null)
{
    log.CommandFailed($"{LogFormatChoice.Variable} is neither \"text\" nor \"json\"");
    return ExitCode.BadArguments;
}

var context = new CommandContext(output, log, log, Environment.GetEnvironmentVariable, TimeProvider.System);
return await new Dispatcher(context, log, error).RunAsync(args, CancellationToken.None);
