using System.Globalization;
using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Logging;

CultureInfo.DefaultThreadCurrentCulture = CultureInfo.InvariantCulture;

var output = new StreamWriter(Console.OpenStandardOutput()) { AutoFlush = true };
var error = new StreamWriter(Console.OpenStandardError()) { AutoFlush = true };
using var log = new TerminalLog(error, TimeProvider.System, colours: !Console.IsErrorRedirected);
var context = new CommandContext(output, log, log, Environment.GetEnvironmentVariable, TimeProvider.System);
return await new Dispatcher(context, log, error).RunAsync(args, CancellationToken.None);
