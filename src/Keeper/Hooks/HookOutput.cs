using Microsoft.Extensions.Logging;

namespace PgAutoFailover.Keeper.Hooks;

/// <summary>What a hook prints: a log line for each of its lines, up to a limit, and the last one to quote.</summary>
internal sealed class HookOutput(string hook, ILogger log)
{
    private const int MostLines = 100;
    private const int LongestLine = 500;

    private readonly Lock _lock = new();
    private int _lines;
    private string? _lastLine;
    private string? _lastError;

    /// <summary>The last line on stderr, else on stdout: of lines on both, nobody knows which came last. Null where nothing was printed.</summary>
    public string? LastLine => _lastError ?? _lastLine;

    public void Take(string? printed, bool isError)
    {
        // What is no text must not reach a terminal, nor an error of the monitor.
        var line = string.Concat((printed ?? "").Take(LongestLine).Select(c => char.IsControl(c) ? ' ' : c)).Trim();
        if (line.Length == 0)
        {
            return;
        }

        lock (_lock)
        {
            (_lastLine, _lastError) = isError ? (_lastLine, line) : (line, _lastError);
            if (++_lines <= MostLines)
            {
                log.HookSaid(hook, line);
            }
            else if (_lines == MostLines + 1)
            {
                log.HookSaysTooMuch(hook, MostLines);
            }
        }
    }
}
