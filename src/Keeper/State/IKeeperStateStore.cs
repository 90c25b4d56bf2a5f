namespace PgAutoFailover.Keeper.State;

/// <summary>Where a keeper keeps its state file and its init file. The simulator has a second one, whose disk can fail.</summary>
public interface IKeeperStateStore
{
    /// <summary>The state, or null where none was written yet.</summary>
    /// <exception cref="KeeperStateException">There is one and it cannot be read.</exception>
    KeeperState? Load();

    /// <summary>Replaces the state; on return it is durable.</summary>
    void Save(KeeperState state);

    /// <summary>Removes the state, where there is one.</summary>
    void Delete();

    /// <summary>The record of an unfinished creation, or null.</summary>
    /// <exception cref="KeeperStateException">There is one and it cannot be read.</exception>
    InitRecord? LoadInit();

    /// <summary>Replaces the record of an unfinished creation; on return it is durable.</summary>
    void SaveInit(InitRecord record);

    /// <summary>Removes the record of an unfinished creation, where there is one.</summary>
    void DeleteInit();
}
