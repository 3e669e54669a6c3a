using System.Globalization;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NotebookHelpers;

/// <summary>One layer of a <see cref="ModelSummary"/>.</summary>
/// <param name="Name">The layer's path in the model, its parts joined by dots.</param>
/// <param name="Kind">The layer's class, such as Conv2d.</param>
/// <param name="OutputShape">The shape that the layer put out, batch first; null when the forward pass did not reach it.</param>
/// <param name="Parameters">How many parameters it holds, frozen ones included; those that it shares with an earlier layer count once, there.</param>
/// <param name="MultiplyAccumulates">Multiplications with an addition in one forward pass of the traced input.</param>
public sealed record LayerSummary(string Name, string Kind, long[]? OutputShape, long Parameters, long MultiplyAccumulates);

/// <summary>
/// The layers of a model as a forward pass of it found them: what is shown cannot differ from the code. Layers are the
/// modules that hold parameters of their own or have no parts, one row for each however often it is called; operators
/// that are not modules (a SELU called as a function) have no row. Multiply-accumulates are those of convolutions and
/// fully connected layers, as is usual.
/// </summary>
public sealed class ModelSummary : View
{
    private ModelSummary(string name, long[] inputShape, IReadOnlyList<LayerSummary> layers) =>
        (Name, InputShape, Layers) = (name, inputShape, layers);

    /// <summary>The model's class.</summary>
    public string Name { get; }

    /// <summary>The shape of the traced input, batch first.</summary>
    public IReadOnlyList<long> InputShape { get; }

    /// <summary>The layers, in the order in which the model holds them.</summary>
    public IReadOnlyList<LayerSummary> Layers { get; }

    /// <summary>Parameters in all.</summary>
    public long Parameters => Layers.Sum(layer => layer.Parameters);

    /// <summary>Multiply-accumulates of one forward pass.</summary>
    public long MultiplyAccumulates => Layers.Sum(layer => layer.MultiplyAccumulates);

    /// <summary>
    /// Sends zeros of the given shape through the model, in evaluation mode and without gradients, and notes what each
    /// layer puts out. The model is left as it was.
    /// </summary>
    /// <param name="model">Any module from a tensor to a tensor whose parts are called by <c>call</c> (which runs hooks).</param>
    /// <param name="inputShape">The input's shape, batch first: 1, 1, 28, 28 for one digit.</param>
    /// <exception cref="ArgumentException">No shape, or the model cannot read an input of that shape.</exception>
    public static ModelSummary Of(nn.Module<Tensor, Tensor> model, params long[] inputShape)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (inputShape.Length == 0 || inputShape.Any(size => size < 1))
            throw new ArgumentException(
                $"A traced forward pass needs the input's shape, batch first, such as 1, 1, 28, 28; got ({string.Join(", ", inputShape)}).",
                nameof(inputShape));

        var parts = Parts("", model).DistinctBy(part => part.Module, ReferenceEqualityComparer.Instance).ToList();
        var traced = new Dictionary<nn.Module, (long[] Shape, long Cost)>(ReferenceEqualityComparer.Instance);
        var removals = new List<Action>();
        try
        {
            foreach (var part in parts.Select(part => part.Module).OfType<nn.Module<Tensor, Tensor>>())
            {
                var hook = part.register_forward_hook((layer, input, result) =>
                {
                    var earlier = traced.TryGetValue(layer, out var entry) ? entry.Cost : 0;
                    traced[layer] = (result.shape, earlier + Cost(layer, input, result));
                    return result;
                });
                removals.Add(hook.remove);
            }

            using var mode = ModuleMode.Eval(model);
            using var noGradients = no_grad();
            using var scope = NewDisposeScope();
            model.call(zeros(inputShape, device: ModuleMode.DeviceOf(model)));
        }
        catch (Exception exception) when (exception is not ArgumentException)
        {
            throw new ArgumentException(
                $"The model {model.GetType().Name} cannot read an input of shape ({string.Join(", ", inputShape)}), batch first: {FirstLine(exception.Message)}",
                nameof(inputShape), exception);
        }
        finally
        {
            removals.ForEach(remove => remove());
        }

        var counted = new HashSet<IntPtr>();
        var layers = parts.Select(part => new LayerSummary(
            part.Name,
            part.Module.GetType().Name,
            traced.TryGetValue(part.Module, out var entry) ? entry.Shape : null,
            part.Module.parameters(recurse: !part.Module.named_children().Any())
                .Where(parameter => counted.Add(parameter.Handle))
                .Sum(parameter => parameter.numel()),
            traced.GetValueOrDefault(part.Module).Cost)).ToList();
        return new ModelSummary(model.GetType().Name, inputShape, layers);
    }

    /// <inheritdoc />
    public override string ToHtml() => Table().ToHtml();

    /// <inheritdoc />
    public override string ToText() => Table().ToText();

    private SummaryTable Table() => new(
        string.Create(CultureInfo.InvariantCulture,
            $"{Name} on ({string.Join(", ", InputShape)}): {Parameters:#,0} parameters, {MultiplyAccumulates:#,0} multiply-accumulates"),
        ["layer", "kind", "output shape", "parameters", "multiply-accumulates"],
        Layers.Select(layer => new object?[]
        {
            layer.Name, layer.Kind, layer.OutputShape is null ? "not reached" : $"({string.Join(", ", layer.OutputShape)})",
            layer.Parameters, layer.MultiplyAccumulates,
        }));

    private static IEnumerable<(string Name, nn.Module Module)> Parts(string path, nn.Module module)
    {
        var children = module.named_children().ToList();
        if (children.Count == 0 || module.parameters(recurse: false).Any())
            yield return (path.Length == 0 ? module.GetType().Name : path, module);
        foreach (var (name, child) in children)
            foreach (var part in Parts(path.Length == 0 ? name : $"{path}.{name}", child))
                yield return part;
    }

    // One output element of a convolution or a fully connected layer is one sum of products with the weights that reach it;
    // in a transposed convolution it is the input elements that meet their weights.
    private static long Cost(nn.Module layer, Tensor input, Tensor result) => layer switch
    {
        Linear linear => result.numel() * linear.in_features,
        TorchSharp.Modules.Convolution { transposed: true } convolution => input.numel() * convolution.weight.numel() / convolution.in_channels,
        TorchSharp.Modules.Convolution convolution => result.numel() * convolution.weight.numel() / convolution.out_channels,
        _ => 0,
    };

    private static string FirstLine(string message) => message.Split('\n')[0].TrimEnd();
}
