namespace NotebookHelpers;

/// <summary>One layer of a <see cref="ModelSummary"/>.</summary>
/// <param name="Name">The layer's path in the model, its parts joined by dots.</param>
/// <param name="Kind">The layer's class, such as Conv2d.</param>
/// <param name="OutputShape">The shape that the layer put out last, batch first; null when the forward pass did not reach it.</param>
/// <param name="Parameters">
/// How many parameters it holds, frozen ones included; those shared with an earlier layer count once, there.
/// </param>
/// <param name="TrainableParameters">How many of them learn.</param>
/// <param name="MultiplyAccumulates">Multiplications with an addition in one forward pass of the traced input, all calls together.</param>
/// <param name="ActivationBytes">Bytes of its output, all calls together.</param>
/// <param name="ReachesResult">Whether the model's result depends on it (see <see cref="LayerTrace.ReachesResult"/>).</param>
public sealed record LayerSummary(
    string Name, string Kind, long[]? OutputShape, long Parameters, long TrainableParameters,
    long MultiplyAccumulates, long ActivationBytes, bool ReachesResult);
