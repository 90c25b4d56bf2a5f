using System.Globalization;
using PgAutoFailover.Harness.Clusters;
using PgAutoFailover.Harness.Processes;
using PgAutoFailover.Harness.Waiting;

namespace PgAutoFailover.EndToEnd.Operations;

/// <summary>A terminal with a shell in it, drawn by tmux: what a person would see and type.</summary>
internal sealed class TerminalWindow : IAsyncDisposable
{
    private static int s_last;
    private readonly TestNode _host;
    private readonly string _socket;
    private readonly string _files;
    private int _commands;

    private TerminalWindow(Cluster cluster, TestNode host)
    {
        string number = Interlocked.Increment(ref s_last).ToString(CultureInfo.InvariantCulture);
        _host = host;
        _files = cluster.Files.Under("home/terminal" + number);
        _socket = Path.Combine(cluster.Files.Sockets, "tmux" + number);
    }

    public static async Task<TerminalWindow> OpenAsync(Cluster cluster, TestNode host, int columns, int rows, CancellationToken cancellationToken)
    {
        var window = new TerminalWindow(cluster, host);
        await window.TmuxAsync(["-f", "/dev/null", "new-session", "-d", "-x", Text(columns), "-y", Text(rows), "env PS1='$ ' sh"], cancellationToken);

        // What is typed before the shell is there is echoed by the terminal, and once more by nobody.
        await window.UntilAsync("a prompt", lines => lines[0] == "$", cancellationToken);
        return window;
    }

    /// <summary>What the window shows, without the spaces at the ends of lines.</summary>
    public Task<string> ReadAsync(CancellationToken cancellationToken) => TmuxAsync(["capture-pane", "-p"], cancellationToken);

    public async Task<string[]> ReadLinesAsync(CancellationToken cancellationToken) =>
        [.. (await ReadAsync(cancellationToken)).TrimEnd('\n').Split('\n').Select(line => line.TrimEnd())];

    /// <summary>Presses keys by tmux's names of them.</summary>
    public Task PressAsync(string keys, CancellationToken cancellationToken) =>
        TmuxAsync(["send-keys", .. keys.Split(' ')], cancellationToken);

    public Task ResizeAsync(int columns, int rows, CancellationToken cancellationToken) =>
        TmuxAsync(["resize-window", "-x", Text(columns), "-y", Text(rows)], cancellationToken);

    /// <summary>Whether there is an alternate screen, a cursor, and application's keys: "0 1 0" in a shell.</summary>
    public async Task<string> ModesAsync(CancellationToken cancellationToken) =>
        (await TmuxAsync(["display-message", "-p", "#{alternate_on} #{cursor_flag} #{keypad_cursor_flag}"], cancellationToken)).Trim();

    /// <summary>Types a command, and does not wait for it.</summary>
    public async Task TypeAsync(string command, CancellationToken cancellationToken)
    {
        await TmuxAsync(["send-keys", "-l", command], cancellationToken);
        await PressAsync("Enter", cancellationToken);
    }

    /// <summary>Types a command of which only its output is of interest.</summary>
    public async Task<string> RunAsync(string command, CancellationToken cancellationToken)
    {
        string output = _files + "." + Text(++_commands);
        await TypeAsync($"{command} >{output}.part; mv {output}.part {output}", cancellationToken);
        await Patience.UntilAsync(command + " has ended", () => File.Exists(output), cancellationToken);
        return await File.ReadAllTextAsync(output, cancellationToken);
    }

    /// <summary>Types a command that draws on the terminal. What it leaves for <see cref="EndAsync"/> are its process id and its exit code.</summary>
    public async Task StartAsync(string command, CancellationToken cancellationToken)
    {
        File.Delete(_files + ".code");
        await TypeAsync($"sh -c 'echo $$ >{_files}.pid; exec {command}'; echo $? >{_files}.code", cancellationToken);
    }

    /// <summary>The exit code of what was started, once it has ended.</summary>
    public async Task<string> EndAsync(CancellationToken cancellationToken)
    {
        string code = _files + ".code";
        await Patience.UntilAsync("the command has ended", () => File.Exists(code) && new FileInfo(code).Length > 0, cancellationToken);
        return (await File.ReadAllTextAsync(code, cancellationToken)).Trim();
    }

    /// <summary>Sends a signal to what was started.</summary>
    public async Task SignalAsync(string signal, CancellationToken cancellationToken)
    {
        string pid = (await File.ReadAllTextAsync(_files + ".pid", cancellationToken)).Trim();
        (await _host.ExecuteAsync(["kill", "-" + signal, pid], cancellationToken)).Succeeded();
    }

    /// <summary>Waits until the window shows what a test looks for, and returns its lines.</summary>
    public async Task<string[]> UntilAsync(string what, Func<string[], bool> condition, CancellationToken cancellationToken)
    {
        TimeSpan started = Harness.Clock.Now;
        string[] lines;
        while (!condition(lines = await ReadLinesAsync(cancellationToken)))
        {
            if (Harness.Clock.Now - started > Patience.Default)
            {
                throw new TimeoutException($"the window never showed {what}, but\n{string.Join('\n', lines)}");
            }
        }

        return lines;
    }

    public async ValueTask DisposeAsync() => await _host.ExecuteAsync(["tmux", "-S", _socket, "kill-server"], CancellationToken.None);

    private async Task<string> TmuxAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        CommandResult result = await _host.ExecuteAsync(["tmux", "-S", _socket, .. arguments], cancellationToken);
        return result.Succeeded().Output;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
