using System.Threading.Channels;
using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Logging;
using PgAutoFailover.Cli.Monitors;

namespace PgAutoFailover.Cli.Watch;

/// <summary>
/// The screen of <c>pg_autoctl watch</c>. Three tasks tell what happens: one reads the monitor, one the keyboard, one the clock.
/// A single loop takes it in and draws, so that nothing is shared. Whichever way it ends, the terminal is put back first, and
/// only then is waited for tasks that may be talking to a monitor that hangs.
/// </summary>
internal sealed class Dashboard
{
    /// <summary>How far back one can scroll.</summary>
    public const int MostEvents = 1000;

    /// <summary>A monitor that is silent for longer is said to be.</summary>
    private static readonly TimeSpan s_silence = TimeSpan.FromSeconds(2);

    private readonly CommandContext _context;
    private readonly Channel<Happening> _happenings = Channel.CreateBounded<Happening>(64);
    private Snapshot _snapshot;
    private View _view = new();
    private string? _failure;
    private long _lastRead;

    private Dashboard(string formation, CommandContext context)
    {
        _context = context;
        _snapshot = new Snapshot(formation, NumberSyncStandbys: null, [], []);
        _lastRead = context.Time.GetTimestamp();
    }

    /// <summary>Shows a formation until a person has seen enough.</summary>
    /// <exception cref="CommandFailure">There is no terminal, no monitor, or no such formation.</exception>
    public static async Task<int> RunAsync(
        MonitorTarget target, string formation, int? group, int mostEvents, CommandContext context, CancellationToken cancellationToken)
    {
        if (Console.IsInputRedirected || Console.IsOutputRedirected)
        {
            throw NotHere("stdin or stdout is none");
        }

        if (context.Variable("TERM") is null or "dumb")
        {
            throw NotHere("TERM says that this one cannot be drawn on");
        }

        var dashboard = new Dashboard(formation, context);
        var feed = new MonitorFeed(target, formation, group, mostEvents, context);
        await dashboard.RunAsync(feed, await feed.ConnectAsync(cancellationToken), cancellationToken);
        return ExitCode.Ok;
    }

    /// <summary>Where a person asks for JSON of what is a screen.</summary>
    public static void IgnoreJson(bool json, CommandContext context)
    {
        if (json)
        {
            context.Log.JsonIgnored();
        }
    }

    private static CommandFailure NotHere(string reason) => CommandFailure.BadArguments(
        $"A dashboard needs a terminal, and {reason}",
        "\"pg_autoctl show state\" and \"pg_autoctl show events\" print once, also as JSON");

    private async Task RunAsync(MonitorFeed feed, MonitorConnection monitor, CancellationToken cancellationToken)
    {
        // Before the terminal's mode is changed: with the first signal the runtime takes note of the mode that it restores in the end.
        using var signals = new EndSignals(_happenings.Writer);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var noMoreKeys = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task[] tasks = [];
        try
        {
            using var terminal = new RawTerminal();
            using var screen = new Screen(_context.Out);
            tasks =
            [
                feed.RunAsync(monitor, _happenings.Writer, end.Token),
                Keyboard.RunAsync(_happenings.Writer, noMoreKeys.Token),
                TickAsync(end.Token),
            ];
            await DrawUntilAsync(Task.WhenAny([signals.End, .. tasks]), screen, cancellationToken);

            // What is typed from now on is for the shell.
            await noMoreKeys.CancelAsync();
        }
        catch (IOException)
        {
            // The terminal is gone, which is a way to end it too.
        }
        finally
        {
            await noMoreKeys.CancelAsync();
            await end.CancelAsync();
            await EndOfAsync(tasks);
        }
    }

    private async Task DrawUntilAsync(Task end, Screen screen, CancellationToken cancellationToken)
    {
        while (!end.IsCompleted)
        {
            await Task.WhenAny(_happenings.Reader.WaitToReadAsync(cancellationToken).AsTask(), end);
            cancellationToken.ThrowIfCancellationRequested();
            var size = RawTerminal.Size;
            while (_happenings.Reader.TryRead(out var happening))
            {
                if (happening is Happening.Pressed { Key: Key.Quit })
                {
                    return;
                }

                Take(happening, size);
            }

            screen.Show(Frame.Draw(_snapshot, _view, size, _context.Time.GetUtcNow(), _context.Time.LocalTimeZone, FindAbsence()), size);
        }
    }

    private void Take(Happening happening, WindowSize size)
    {
        switch (happening)
        {
            case Happening.Read read:
                _snapshot = read.Snapshot;
                _lastRead = _context.Time.GetTimestamp();
                _failure = null;
                break;
            case Happening.Failed failed:
                _failure = Secrets.Mask(failed.Reason);
                break;
            case Happening.Pressed pressed:
                _view = _view.Press(pressed.Key, _snapshot, SectionHeights.Of(size.Rows, _snapshot.Nodes.Count).Events);
                break;
        }
    }

    private Absence? FindAbsence() =>
        _context.Time.GetElapsedTime(_lastRead) is var silence && (_failure is not null || silence > s_silence)
            ? new Absence(silence, _failure ?? MonitorFeed.Silent)
            : null;

    private async Task TickAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(MonitorFeed.Period, _context.Time);
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            await _happenings.Writer.WriteAsync(new Happening.Tick(), cancellationToken);
        }
    }

    private static async Task EndOfAsync(Task[] tasks)
    {
        try
        {
            await Task.WhenAll(tasks);
        }
        catch (OperationCanceledException)
        {
            // As they were asked to.
        }
    }
}
