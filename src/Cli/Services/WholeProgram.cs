using System.Reflection;

namespace PgAutoFailover.Cli.Services;

/// <summary>
/// The executable is read as far as it is needed. Installing another version puts another file in its place, and a service that then needs a part
/// for the first time would look for it in the wrong one: a service has all of it from the beginning.
/// </summary>
internal static class WholeProgram
{
    public static void Load()
    {
        foreach (var path in (AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") as string ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries))
        {
            Assembly.Load(new AssemblyName(Path.GetFileNameWithoutExtension(path)));
        }
    }
}
