using System.Globalization;

namespace PgAutoFailover.Monitor.Service;

/// <summary>Where the service listens: a unix socket, named the way libpq finds one.</summary>
/// <param name="Directory">Absolute path of the directory, which belongs to the service alone (mode 0700).</param>
/// <param name="Port">Only part of the socket's name; nothing listens on the network.</param>
public sealed record ServiceAddress(string Directory, int Port = 5432)
{
    /// <summary>The socket: <c>.s.PGSQL.&lt;port&gt;</c>. The kernel allows 107 bytes.</summary>
    public string SocketPath => Path.Combine(Directory, string.Create(CultureInfo.InvariantCulture, $".s.PGSQL.{Port}"));
}
