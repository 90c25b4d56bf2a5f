using System.Globalization;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace PgAutoFailover.Cli.Watch;

/// <summary>
/// The terminal's alternate screen, which programs like this one draw on so that what was on the terminal before is there again
/// when they end. Each picture is written whole, line by line over the last one, which does not flicker and mends whatever else
/// was written there.
/// </summary>
internal sealed class Screen : IDisposable
{
    private const string Enter = "\u001b[?1049h\u001b[?25l";
    private const string Leave = "\u001b[?25h\u001b[?1049l" + PlainKeys;

    // The library asks the runtime's console whether it is this terminal. With that the runtime asks the terminal for the application's
    // arrow keys, and never takes it back.
    private const string PlainKeys = "\u001b[?1l\u001b>";

    private const string ClearRestOfLine = "\u001b[K";
    private readonly IAnsiConsole _console;

    public Screen(TextWriter terminal)
    {
        _console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.Yes,
            ColorSystem = ColorSystemSupport.Detect,
            Interactive = InteractionSupport.No,
            Enrichment = new ProfileEnrichment { UseDefaultEnrichers = false },
            Out = new AnsiConsoleOutput(terminal),
        });
        _console.Write(new ControlCode(Enter));
    }

    public void Show(IReadOnlyList<IReadOnlyList<Segment>> lines, WindowSize size)
    {
        // Known here already, and right: the library would ask the runtime's console.
        _console.Profile.Width = size.Columns;
        _console.Profile.Height = size.Rows;
        _console.Write(new Picture(lines, size.Columns));
    }

    public void Dispose()
    {
        try
        {
            _console.Write(new ControlCode(Leave));
        }
        catch (IOException)
        {
            // The terminal is gone.
        }
    }

    private sealed class Picture(IReadOnlyList<IReadOnlyList<Segment>> lines, int width) : Renderable
    {
        protected override IEnumerable<Segment> Render(RenderOptions options, int maxWidth)
        {
            for (var i = 0; i < lines.Count; i++)
            {
                yield return Segment.Control(string.Create(CultureInfo.InvariantCulture, $"\u001b[{i + 1};1H"));
                foreach (var segment in lines[i])
                {
                    yield return segment;
                }

                // Behind a full line the cursor still stands on the last character, which this would erase.
                if (Segment.CellCount(lines[i]) < width)
                {
                    yield return Segment.Control(ClearRestOfLine);
                }
            }
        }
    }
}
