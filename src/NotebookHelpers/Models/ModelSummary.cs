using System.Globalization;
using static TorchSharp.torch;

namespace NotebookHelpers;

/// <summary>
/// The layers of a model as a forward pass of it found them (see <see cref="ModelTrace"/>): what is shown cannot differ
/// from the code. A layer has one row, however often it is called. Multiply-accumulates are those of convolutions and fully
/// connected layers, as is usual.
/// </summary>
public sealed class ModelSummary : View
{
    private ModelSummary(string name, IReadOnlyList<long> inputShape, IReadOnlyList<LayerSummary> layers) =>
        (Name, InputShape, Layers) = (name, inputShape, layers);

    /// <summary>The model's class.</summary>
    public string Name { get; }

    /// <summary>The shape of the traced input, batch first.</summary>
    public IReadOnlyList<long> InputShape { get; }

    /// <summary>The layers, in the order in which the model holds them.</summary>
    public IReadOnlyList<LayerSummary> Layers { get; }

    /// <summary>Parameters in all.</summary>
    public long Parameters => Layers.Sum(layer => layer.Parameters);

    /// <summary>Parameters that learn.</summary>
    public long TrainableParameters => Layers.Sum(layer => layer.TrainableParameters);

    /// <summary>Multiply-accumulates of one forward pass.</summary>
    public long MultiplyAccumulates => Layers.Sum(layer => layer.MultiplyAccumulates);

    /// <summary>Bytes of the outputs of all layers.</summary>
    public long ActivationBytes => Layers.Sum(layer => layer.ActivationBytes);

    /// <summary>Bytes of the input.</summary>
    public long InputBytes { get; private init; }

    /// <summary>Bytes of the parameters.</summary>
    public long ParameterBytes { get; private init; }

    /// <summary>
    /// Bytes of a forward and a backward pass as torchinfo estimates them: the outputs of the layers with parameters, twice, since
    /// each has a gradient.
    /// </summary>
    public long ForwardBackwardBytes => 2 * Layers.Where(layer => layer.Parameters > 0).Sum(layer => layer.ActivationBytes);

    /// <summary>Bytes in all, as torchinfo estimates them: input, passes and parameters.</summary>
    public long TotalBytes => InputBytes + ForwardBackwardBytes + ParameterBytes;

    /// <summary>
    /// Sends zeros of the given shape through the model, in evaluation mode, and notes what each layer puts out. The model
    /// is left as it was.
    /// </summary>
    /// <param name="model">Any module from a tensor to a tensor whose parts are called by <c>call</c> (which runs hooks).</param>
    /// <param name="inputShape">The input's shape, batch first: 1, 1, 28, 28 for one digit.</param>
    /// <exception cref="ArgumentException">No shape, or the model cannot read an input of that shape.</exception>
    public static ModelSummary Of(nn.Module<Tensor, Tensor> model, params long[] inputShape)
    {
        using var trace = ModelTrace.Of(model, inputShape);
        var calls = trace.Calls.ToLookup(call => call.Module, ReferenceEqualityComparer.Instance);
        var counted = new HashSet<IntPtr>();
        var parameterBytes = 0L;
        var layers = trace.Parts.Select(part =>
        {
            var parameters = ModelTrace.Own(part.Module).Where(parameter => counted.Add(parameter.Handle)).ToList();
            parameterBytes += parameters.Sum(parameter => parameter.numel() * parameter.element_size());
            return new LayerSummary(
                part.Name,
                part.Module.GetType().Name,
                calls[part.Module].LastOrDefault()?.OutputShape,
                parameters.Sum(parameter => parameter.numel()),
                parameters.Where(parameter => parameter.requires_grad).Sum(parameter => parameter.numel()),
                calls[part.Module].Sum(call => call.MultiplyAccumulates),
                calls[part.Module].Sum(call => call.Output.numel() * call.Output.element_size()),
                calls[part.Module].Any(call => call.ReachesResult) || !ModelTrace.Sees(part.Module));
        }).ToList();
        return new ModelSummary(model.GetType().Name, inputShape, layers)
        {
            InputBytes = trace.InputBytes,
            ParameterBytes = parameterBytes,
        };
    }

    /// <inheritdoc />
    public override string ToHtml() =>
        $"{Table().ToHtml()}<p style=\"{Html.Card};padding:4px 10px;margin:-4px 0 0;width:fit-content\">{Html.Encode(Totals())}</p>";

    /// <inheritdoc />
    public override string ToText() => $"{Table().ToText()}\n{Totals()}";

    private SummaryTable Table() => new(
        string.Create(CultureInfo.InvariantCulture,
            $"{Name} on ({string.Join(", ", InputShape)}): {Parameters:#,0} parameters, {MultiplyAccumulates:#,0} multiply-accumulates"),
        ["layer", "kind", "output shape", "parameters", "multiply-accumulates", "output, bytes"],
        Layers.Select(layer => new object?[]
        {
            layer.Name, layer.Kind, layer.OutputShape is null ? "not reached" : $"({string.Join(", ", layer.OutputShape)})",
            layer.Parameters, layer.MultiplyAccumulates, layer.ActivationBytes,
        }).Append(["all", "", "", Parameters, MultiplyAccumulates, ActivationBytes]));

    private string Totals() => string.Create(CultureInfo.InvariantCulture,
        $"Parameters: {TrainableParameters:#,0} trainable, {Parameters - TrainableParameters:#,0} not. ")
        + $"Memory as torchinfo counts it: input {Size(InputBytes)}, forward and backward pass {Size(ForwardBackwardBytes)} "
        + $"(outputs of layers with parameters, twice), parameters {Size(ParameterBytes)}, together {Size(TotalBytes)}.";

    private static string Size(long bytes) => bytes switch
    {
        < 1_000 => $"{bytes} B",
        < 1_000_000 => FormattableString.Invariant($"{bytes / 1e3:0.0} kB"),
        _ => FormattableString.Invariant($"{bytes / 1e6:0.00} MB"),
    };
}
