using System.Runtime.Versioning;

[assembly: SupportedOSPlatform("linux")]

// They kill, freeze and cut only what is theirs, and mostly wait: two collections beside each other, each with a cluster of its own.
[assembly: CollectionBehavior(MaxParallelThreads = 2)]
