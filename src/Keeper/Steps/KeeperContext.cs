using Microsoft.Extensions.Logging;
using PgAutoFailover.Core.Vocabulary;
using PgAutoFailover.Keeper.Monitor;
using PgAutoFailover.Keeper.NodeActive;
using PgAutoFailover.Keeper.Peers;
using PgAutoFailover.Keeper.State;
using PgAutoFailover.Postgres.Server;

namespace PgAutoFailover.Keeper.Steps;

/// <summary>What the steps of a transition work with. Steps run one at a time; the loop goes on beside them.</summary>
internal sealed class KeeperContext(
    KeeperOptions options, IPostgresServer server, IMonitorClient monitor, StateHolder state, ILogger log, TimeProvider time)
{
    private volatile KeeperSettings _settings = options.Settings;

    public KeeperOptions Options { get; } = options;

    public IPostgresServer Server { get; } = server;

    public IMonitorClient Monitor { get; } = monitor;

    public StateHolder State { get; } = state;

    public ILogger Log { get; } = log;

    public TimeProvider Time { get; } = time;

    public Lease Lease { get; } = new(time);

    public OtherNodes Others { get; } = new();

    /// <summary>The node that this process pointed the local standby at last; 0 when it took its upstream away; null when it did neither, or was called off in the middle of it.</summary>
    public long? FollowedNodeId { get; set; }

    /// <summary>Replaced whole when the configuration is read again.</summary>
    public KeeperSettings Settings
    {
        get => _settings;
        set => _settings = value;
    }

    /// <summary>The port that PostgreSQL was told last.</summary>
    public int AppliedPort { get; set; } = options.Settings.Port;

    public long NodeId => State.Current.NodeId;

    public int GroupId => State.Current.GroupId;

    /// <summary>How messages name this node.</summary>
    public string NodeName => $"node {NodeId} \"{Settings.Name}\" ({HostName.WithPort(Settings.Host, Settings.Port)})";
}
