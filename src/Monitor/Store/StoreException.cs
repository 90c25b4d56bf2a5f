namespace PgAutoFailover.Monitor.Store;

/// <summary>The tables cannot be reached, or it is unknown whether what was sent there took effect.</summary>
internal sealed class StoreException(string message, Exception? inner = null) : Exception(message, inner);
