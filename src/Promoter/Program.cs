using System.Globalization;
using PgAutoFailover.Promoter.Looking;
using PgAutoFailover.Promoter.Watching;
using PgAutoFailover.Promoter.Witnesses;
using PgAutoFailover.Promoter.Worker;

CultureInfo.DefaultThreadCurrentCulture = CultureInfo.InvariantCulture;

if (args is ["--version"])
{
    Console.WriteLine($"pg_promoter {typeof(WorkerLink).Assembly.GetName().Version?.ToString(3)}");
    return 0;
}

if (args is not ["--data-directory", _])
{
    Console.Error.WriteLine("pg_promoter is started by PostgreSQL, by way of shared_preload_libraries = 'pg_promoter'. See docs/promoter.md.");
    return 2;
}

var time = TimeProvider.System;
using var input = new StreamReader(Console.OpenStandardInput());
await using var output = new StreamWriter(Console.OpenStandardOutput());
using var link = new WorkerLink(input, output);

// The end of the worker is ours, whatever we are at.
new Thread(() =>
{
    try
    {
        link.ReadToEnd();
    }
    catch (FormatException e)
    {
        Console.Error.WriteLine(e.Message); // which the worker logs
    }

    Environment.Exit(3);
})
{ IsBackground = true, Name = "worker" }.Start();

await link.WhenReadyAsync(link.Closed);
var log = new WorkerLog(link);
var heartbeat = new Heartbeat(link, time);
var beating = heartbeat.RunAsync(link.Closed);
var look = new PrimaryLook(link.Hello?.SystemIdentifier ?? "", time);
var steps = new PromotionSteps(link, new ShellCommand(time), log, time);
var watching = new Watch(link, look, new WitnessRound(time), steps, heartbeat, log, time).RunAsync(link.Closed);
await await Task.WhenAny(watching, beating);
return 0;
