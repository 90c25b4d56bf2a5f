using System.Globalization;

namespace PgAutoFailover.Chaos;

/// <summary>For how long no write was acknowledged, by kind of fault.</summary>
internal sealed class Stalls
{
    private readonly List<(string Kind, TimeSpan Stall, TimeSpan ToRest)> _scenes = [];

    internal int Count => _scenes.Count;

    internal void Add(string kind, TimeSpan stall, TimeSpan toRest) => _scenes.Add((kind, stall, toRest));

    /// <summary>A line for each kind, the longest stall first.</summary>
    internal IEnumerable<string> Table()
    {
        int width = _scenes.Select(s => s.Kind.Length).Append("fault".Length).Max();
        yield return $"{"fault".PadRight(width)}   times   longest write stall   longest until at rest";
        foreach (var kind in _scenes.GroupBy(s => s.Kind).OrderByDescending(k => k.Max(s => s.Stall)))
        {
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"{kind.Key.PadRight(width)}   {kind.Count(),5}   {kind.Max(s => s.Stall).TotalSeconds,17:0.00} s   {kind.Max(s => s.ToRest).TotalSeconds,19:0.0} s");
        }
    }
}
