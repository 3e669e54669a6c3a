using static TorchSharp.torch;

namespace NotebookHelpers;

/// <summary>One call of a layer in a traced forward pass.</summary>
/// <param name="Name">The layer's path in the model, its parts joined by dots.</param>
/// <param name="Module">The layer.</param>
/// <param name="Output">What it put out, batch first, as it was then; it has no gradient and lives as long as the trace.</param>
/// <param name="Sources">Which earlier calls it reads: indices into <see cref="ModelTrace.Calls"/>; −1 is the model's input.</param>
/// <param name="MultiplyAccumulates">Multiplications with an addition in this call, of convolutions and fully connected layers.</param>
public sealed record LayerTrace(string Name, nn.Module Module, Tensor Output, IReadOnlyList<int> Sources, long MultiplyAccumulates)
{
    /// <summary>The layer's class, such as Conv2d.</summary>
    public string Kind => Module.GetType().Name;

    /// <summary>The output's shape, batch first.</summary>
    public long[] OutputShape => Output.shape;

    /// <summary>
    /// Whether the model's result depends on this output: whether a gradient flows back from the one to the other. What
    /// is used only through operators without a gradient (detach) counts as not reaching it; an output that has no
    /// gradient at all (integers, an argmax) is taken to depend on the call before it.
    /// </summary>
    public bool ReachesResult { get; internal set; }
}
