using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace PgAutoFailover.Cli.Http;

/// <summary>
/// The instruments of a meter as Prometheus reads them (text format 0.0.4). Names are those of OpenTelemetry with underscores, the unit, and
/// <c>_total</c> for what only grows. All instruments are observed at the moment of the question: nothing is counted for a collector that never comes.
/// </summary>
internal static class PrometheusText
{
    /// <summary>Observes every instrument of the meter.</summary>
    public static string Of(Meter meter)
    {
        var families = new SortedDictionary<string, Family>(StringComparer.Ordinal);
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, l) =>
        {
            if (ReferenceEquals(instrument.Meter, meter))
            {
                l.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(families, instrument, value.ToString(CultureInfo.InvariantCulture), tags));
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(families, instrument, value.ToString("0.######", CultureInfo.InvariantCulture), tags));
        listener.Start();
        listener.RecordObservableInstruments();
        return Write(families);
    }

    private static void Add(SortedDictionary<string, Family> families, Instrument instrument, string value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var grows = instrument is ObservableCounter<long>;
        var unit = instrument.Unit is "s" ? "_seconds" : instrument.Unit is "By" ? "_bytes" : "";
        var name = $"{instrument.Name.Replace('.', '_')}{unit}{(grows ? "_total" : "")}";
        if (!families.TryGetValue(name, out var family))
        {
            families[name] = family = new Family(grows ? "counter" : "gauge", instrument.Description ?? "", []);
        }

        var labels = new List<string>(tags.Length);
        foreach (var (key, tag) in tags)
        {
            labels.Add($"{key.Replace('.', '_')}=\"{Escape(tag?.ToString() ?? "")}\"");
        }

        family.Samples.Add($"{name}{(labels.Count == 0 ? "" : $"{{{string.Join(',', labels)}}}")} {value}");
    }

    private static string Write(SortedDictionary<string, Family> families)
    {
        var text = new StringBuilder();
        foreach (var (name, family) in families)
        {
            text.Append("# HELP ").Append(name).Append(' ').Append(family.Help).Append('\n');
            text.Append("# TYPE ").Append(name).Append(' ').Append(family.Type).Append('\n');
            foreach (var sample in family.Samples)
            {
                text.Append(sample).Append('\n');
            }
        }

        return text.ToString();
    }

    private static string Escape(string label) =>
        label.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

    private sealed record Family(string Type, string Help, List<string> Samples);
}
