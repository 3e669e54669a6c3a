namespace NotebookHelpers.Tests.Training;

/// <summary>
/// torch has one random generator and the cell one cancellation token in a process: tests that depend on either run
/// while no other test does.
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class TorchAlone
{
    internal const string Name = "torch alone";
}
