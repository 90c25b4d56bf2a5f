using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace PgAutoFailover.Keeper.State;

/// <summary>The keeper's files on disk (cli.md section 6), as JSON, readable by their owner only.</summary>
/// <param name="statePath">Path of <c>pg_autoctl.state</c>.</param>
/// <param name="initPath">Path of <c>pg_autoctl.init</c>.</param>
public sealed class FileKeeperStateStore(string statePath, string initPath) : IKeeperStateStore
{
    /// <summary>The state that was saved last, by this program or by 2.0 before it; null where there is none.</summary>
    public KeeperState? Load() => Read(statePath, StateJson.Default.KeeperState, s => s.Version, file => StateFile20.Read(file));

    public void Save(KeeperState state) =>
        DurableFile.Write(statePath, JsonSerializer.SerializeToUtf8Bytes(state, StateJson.Default.KeeperState));

    public void Delete() => DurableFile.Delete(statePath);

    public InitRecord? LoadInit() => Read(initPath, StateJson.Default.InitRecord, r => r.Version, _ => null);

    public void SaveInit(InitRecord record) =>
        DurableFile.Write(initPath, JsonSerializer.SerializeToUtf8Bytes(record, StateJson.Default.InitRecord));

    public void DeleteInit() => DurableFile.Delete(initPath);

    private static T? Read<T>(string path, JsonTypeInfo<T> type, Func<T, int> version, Func<byte[], T?> other)
        where T : class
    {
        T? value;
        try
        {
            var file = File.ReadAllBytes(path);
            value = other(file) ?? JsonSerializer.Deserialize(file, type);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (JsonException e)
        {
            throw new KeeperStateException(path, $"it is truncated or damaged ({e.Message})", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new KeeperStateException(path, e.Message, e);
        }

        return value switch
        {
            null => throw new KeeperStateException(path, "it holds nothing"),
            _ when version(value) > KeeperState.FormatVersion =>
                throw new KeeperStateException(path, $"its version {version(value)} is newer than this program's {KeeperState.FormatVersion}"),
            _ when version(value) < 1 => throw new KeeperStateException(path, "it has no version"),
            _ => value,
        };
    }
}
