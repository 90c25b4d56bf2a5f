using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using PgAutoFailover.Demo;

[assembly: SupportedOSPlatform("linux")]

if (args is not ([] or ["--keep"]))
{
    Console.Error.WriteLine("usage: ./demo [--keep]\n\n  --keep   leave the cluster running afterwards and print how to play with it");
    return args is ["--help"] or ["-h"] ? 0 : 1;
}

bool keep = args.Length > 0;
using var stop = new CancellationTokenSource();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);

var screen = new Screen();
try
{
    return await Tour.RunAsync(screen, keep, stop.Token) ? 0 : 1;
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    screen.Say("stopped; everything has been cleaned up");
    return 130;
}
catch (Exception e) when (e is TimeoutException or InvalidOperationException or Npgsql.NpgsqlException or IOException)
{
    screen.Fail(e.Message);
    return 1;
}

void Stop(PosixSignalContext context)
{
    // The cluster is stopped in order first: the signal must not end the program before.
    context.Cancel = true;
    stop.Cancel();
}
