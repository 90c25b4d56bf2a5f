using System.Globalization;

namespace PgAutoFailover.Harness.Processes;

/// <summary>The TCP ports that are listened on, in the network namespace of a process.</summary>
internal static class ListeningPorts
{
    private const string Listen = "0A";

    internal static HashSet<int> Of(int pid)
    {
        var ports = new HashSet<int>();
        foreach (string file in (string[])["tcp", "tcp6"])
        {
            try
            {
                // "sl local_address rem_address st ...", the address as hexadecimal "address:port".
                foreach (string line in File.ReadLines($"/proc/{pid}/net/{file}").Skip(1))
                {
                    string[] fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
                    if (fields[3] == Listen)
                    {
                        ports.Add(int.Parse(fields[1][(fields[1].LastIndexOf(':') + 1)..], NumberStyles.HexNumber, CultureInfo.InvariantCulture));
                    }
                }
            }
            catch (IOException)
            {
                // No such process, or no IPv6.
            }
        }

        return ports;
    }
}
