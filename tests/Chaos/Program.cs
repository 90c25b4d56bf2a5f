using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Npgsql;
using PgAutoFailover.Chaos;
using PgAutoFailover.Chaos.Checks;

[assembly: SupportedOSPlatform("linux")]

if (ChaosOptions.Parse(args) is not { } options)
{
    Console.Error.WriteLine(ChaosOptions.Usage);
    return args is ["--help"] or ["-h"] ? 0 : 2;
}

using var stop = new CancellationTokenSource();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
try
{
    await ChaosRun.RunAsync(options, stop.Token);
    return 0;
}
catch (Violation violation)
{
    Console.Error.WriteLine($"seed {options.Seed}: {violation.Message}");
    return violation.ExitCode;
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    Console.Error.WriteLine("stopped; everything has been cleaned up");
    return 130;
}
catch (Exception e) when (e is TimeoutException or InvalidOperationException or NpgsqlException or IOException)
{
    Console.Error.WriteLine($"seed {options.Seed}: the run broke: {e}");
    return 1;
}

void Stop(PosixSignalContext context)
{
    // The cluster is removed in order first: the signal must not end the program before.
    context.Cancel = true;
    stop.Cancel();
}
