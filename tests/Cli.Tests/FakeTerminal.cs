using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Logging;

namespace PgAutoFailover.Cli.Tests;

/// <summary>A terminal and an environment of its own for one run of the program.</summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "CA1001", Justification = "String writers hold nothing.")]
internal sealed class FakeTerminal
{
    private readonly TextWriter _output = new StringWriter { NewLine = "\n" };
    private readonly TextWriter _error = new StringWriter { NewLine = "\n" };

    public FakeTerminal()
    {
        Log = new TerminalLog(_error, TimeProvider.System, LogFormat.Text);
        Context = new CommandContext(_output, Log, Log, name => Variables.GetValueOrDefault(name), TimeProvider.System);
    }

    public Dictionary<string, string> Variables { get; } = new(StringComparer.Ordinal) { ["HOME"] = Path.GetTempPath() };

    public TerminalLog Log { get; }

    public CommandContext Context { get; }

    public string Output => _output.ToString()!;

    public string Error => _error.ToString()!;

    public Task<int> RunAsync(params string[] words) =>
        new Dispatcher(Context, Log, _error).RunAsync(words, TestContext.Current.CancellationToken);
}
