using System.Globalization;
using System.Threading.Channels;
using PgAutoFailover.Promoter.Settings;

namespace PgAutoFailover.Promoter.Worker;

/// <summary>
/// The two pipes to the background worker. One thread reads lines until the worker's end closes, which is the end of this program too; what
/// a line tells is kept as the newest state, and whoever waits for news is woken.
/// </summary>
internal sealed class WorkerLink(TextReader input, TextWriter output) : IDisposable
{
    private const string ProtocolVersion = "1";

    private readonly Lock _writing = new();
    private readonly CancellationTokenSource _closed = new();
    private readonly Channel<ServerState> _states = Newest<ServerState>();
    private readonly Channel<string?> _answers = Newest<string?>();
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);
    private TaskCompletionSource _changed = NewSignal();
    private PromoterSettings? _settings;

    /// <summary>Cancelled when the worker has gone.</summary>
    public CancellationToken Closed => _closed.Token;

    /// <summary>Null until the worker has introduced itself.</summary>
    public Hello? Hello { get; private set; }

    /// <summary>The settings in force. Read after <see cref="WhenReadyAsync"/>.</summary>
    public PromoterSettings Settings => Volatile.Read(ref _settings) ?? throw new InvalidOperationException("the worker has not told the settings");

    /// <summary>Completes at the next change of the settings.</summary>
    public Task SettingsChanged => Volatile.Read(ref _changed).Task;

    /// <summary>Reads until the worker closes its end. To be called once, on a thread of its own.</summary>
    public void ReadToEnd()
    {
        try
        {
            while (input.ReadLine() is { } line)
            {
                Take(Fields.Split(line));
            }
        }
        finally
        {
            _closed.Cancel();
        }
    }

    public Task WhenReadyAsync(CancellationToken cancellationToken) =>
        Volatile.Read(ref _settings) is null ? SettingsChanged.WaitAsync(cancellationToken) : Task.CompletedTask;

    /// <summary>Says that this program goes on. The worker answers with its state, which nobody needs to wait for.</summary>
    public void SayAlive() => Write("alive");

    /// <summary>How the server is now.</summary>
    public async Task<ServerState> AskAsync(CancellationToken cancellationToken)
    {
        _states.Reader.TryRead(out _);
        SayAlive();
        return await _states.Reader.ReadAsync(cancellationToken);
    }

    /// <summary>Has the server promoted. Null, or why the worker does not.</summary>
    public async Task<string?> PromoteAsync(int generation, CancellationToken cancellationToken)
    {
        _answers.Reader.TryRead(out _);
        Write(Fields.Join("promote", generation.ToString(CultureInfo.InvariantCulture)));
        return await _answers.Reader.ReadAsync(cancellationToken);
    }

    /// <summary>Gives the worker what the next program is to be told, should this one die.</summary>
    public void Remember(string memory) => Write(Fields.Join("remember", Fields.Plain(memory)));

    /// <summary>All that belongs to a promotion is done.</summary>
    public void SayFinished() => Write("finished");

    public void Write(string line)
    {
        lock (_writing)
        {
            output.Write(line + "\n");
            output.Flush();
        }
    }

    public void Dispose() => _closed.Dispose();

    private void Take(string[] fields)
    {
        switch (fields[0])
        {
            case "hello":
                Hello = Hello.Parse(fields, ProtocolVersion);
                break;
            case "setting" when fields.Length == 3:
                _values[fields[1]] = fields[2];
                break;
            case "settings" when fields.Length == 2:
                Volatile.Write(ref _settings, SettingsReader.Read(_values, int.Parse(fields[1], CultureInfo.InvariantCulture)));
                Interlocked.Exchange(ref _changed, NewSignal()).SetResult();
                break;
            case "server":
                _states.Writer.TryWrite(ServerState.Parse(fields));
                break;
            case "promoting":
                _answers.Writer.TryWrite(null);
                break;
            case "refused":
                _answers.Writer.TryWrite(fields.Length > 1 ? fields[1] : "");
                break;
            default:
                throw new FormatException($"the worker says \"{Fields.Plain(fields[0], 40)}\", which this version does not know");
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static Channel<T> Newest<T>() => Channel.CreateBounded<T>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });
}
