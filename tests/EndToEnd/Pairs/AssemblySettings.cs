using System.Runtime.Versioning;

[assembly: SupportedOSPlatform("linux")]

// Each test wants the machine for itself: they kill, freeze and cut.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
