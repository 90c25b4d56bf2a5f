using Npgsql;

namespace PgAutoFailover.Monitor.Store;

/// <summary>Statements of one transaction, sent together; some must each affect exactly one row or none of them counts.</summary>
internal sealed class CommitBatch
{
    private readonly List<NpgsqlBatchCommand> _commands = [];
    private readonly List<int> _expectingOneRow = [];

    public void Add(string sql, params ReadOnlySpan<object?> parameters)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var value in parameters)
        {
            command.Parameters.Add(Parameter(value));
        }

        _commands.Add(command);
    }

    public void AddExpectingOneRow(string sql, params ReadOnlySpan<object?> parameters)
    {
        _expectingOneRow.Add(_commands.Count);
        Add(sql, parameters);
    }

    /// <summary>False when a statement that was to affect one row did not: the transaction is to be rolled back.</summary>
    public async Task<bool> ExecuteAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection, transaction);
        foreach (var command in _commands)
        {
            batch.BatchCommands.Add(command);
        }

        await batch.ExecuteNonQueryAsync(cancellationToken);
        return _expectingOneRow.TrueForAll(i => _commands[i].Rows == 1);
    }

    // Typed parameters: a null needs its type too, and the slim data source knows no untyped ones.
    private static NpgsqlParameter Parameter(object? value) => value switch
    {
        string text => new NpgsqlParameter<string> { TypedValue = text },
        long number => new NpgsqlParameter<long> { TypedValue = number },
        int number => new NpgsqlParameter<int> { TypedValue = number },
        bool flag => new NpgsqlParameter<bool> { TypedValue = flag },
        double number => new NpgsqlParameter<double> { TypedValue = number },
        null => new NpgsqlParameter { Value = DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Bigint },
        _ => throw new ArgumentOutOfRangeException(nameof(value), value.GetType(), "no SQL type for this"),
    };
}
