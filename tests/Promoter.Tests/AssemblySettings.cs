using System.Runtime.Versioning;

[assembly: SupportedOSPlatform("linux")]

// Real pairs wait more than they work: several of them at once.
[assembly: CollectionBehavior(MaxParallelThreads = 4)]
