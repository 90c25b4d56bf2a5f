using System.Globalization;
using System.Text.Json.Nodes;

namespace PgAutoFailover.Cli.Configuration;

/// <summary>A configuration as JSON: an object for each section, numbers as numbers.</summary>
internal static class ConfigJson
{
    public static JsonObject Of(NodeConfig config)
    {
        var sections = new JsonObject();
        foreach (var (key, value) in config.Entries())
        {
            if (sections[key.Section] is not JsonObject section)
            {
                section = [];
                sections[key.Section] = section;
            }

            section[key.Name] = key.IsNumber ? int.Parse(value, CultureInfo.InvariantCulture) : value;
        }

        return sections;
    }
}
