using PgAutoFailover.Core.Groups;

namespace PgAutoFailover.Monitor.Settings;

/// <summary>The settings in force.</summary>
internal sealed class SettingsSource
{
    private MonitorSettings _current = MonitorSettings.Default;

    public MonitorSettings Current
    {
        get => Volatile.Read(ref _current);
        set => Volatile.Write(ref _current, value);
    }
}
