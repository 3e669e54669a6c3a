using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NotebookHelpers;

/// <summary>
/// One forward pass of a model, written down: every call of a layer, in order, with its output, the calls that it read
/// and whether the result depends on it. Layers are the modules that hold parameters of their own or have no parts;
/// operators that are not modules (a SELU called as a function) belong to the layer that reads them.
/// </summary>
/// <remarks>
/// A forward hook takes each layer's output out of the graph and passes on a copy that remembers where it came from.
/// Asking for the gradients of the next output then names exactly the outputs that it was computed from: the graph as
/// it ran, not as the code is named. Seen are layers from one or two tensors to a tensor; what other layers do
/// (recurrent ones) passes as an operator.
/// </remarks>
public sealed class ModelTrace : IDisposable
{
    private readonly List<LayerTrace> _calls = [];

    private ModelTrace(nn.Module<Tensor, Tensor> model, Tensor input)
    {
        Parts = [.. PartsOf("", model).DistinctBy(part => part.Module, ReferenceEqualityComparer.Instance)];
        InputShape = input.shape;
        InputBytes = input.numel() * input.element_size();
        Output = Run(model, input);
    }

    /// <summary>The calls, in the order in which they ended.</summary>
    public IReadOnlyList<LayerTrace> Calls => _calls;

    /// <summary>The model's result.</summary>
    public Tensor Output { get; }

    /// <summary>Which calls the result reads directly: indices into <see cref="Calls"/>; −1 is the model's input.</summary>
    public IReadOnlyList<int> OutputSources { get; private set; } = [];

    /// <summary>All layers that the model holds, run or not, in its own order; a shared one once.</summary>
    internal IReadOnlyList<(string Name, nn.Module Module)> Parts { get; }

    internal long[] InputShape { get; }

    internal long InputBytes { get; }

    /// <summary>
    /// Sends an input through the model, in evaluation mode, and notes every layer's output. The model, its gradients
    /// included, is left as it was.
    /// </summary>
    /// <param name="model">Any module from a tensor to a tensor whose parts are called by <c>call</c> (which runs hooks).</param>
    /// <param name="input">What it reads, batch first.</param>
    /// <exception cref="ArgumentException">The model cannot read it.</exception>
    public static ModelTrace Of(nn.Module<Tensor, Tensor> model, Tensor input)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(input);
        return new ModelTrace(model, input);
    }

    internal static ModelTrace Of(nn.Module<Tensor, Tensor> model, long[] inputShape)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (inputShape.Length == 0 || inputShape.Any(size => size < 1))
            throw new ArgumentException(
                $"A traced forward pass needs the input's shape, batch first, such as 1, 1, 28, 28; got ({string.Join(", ", inputShape)}).",
                nameof(inputShape));
        using var input = zeros(inputShape, device: ModuleMode.DeviceOf(model));
        return new ModelTrace(model, input);
    }

    /// <summary>Whether a hook sees the layer's calls.</summary>
    internal static bool Sees(nn.Module layer) => layer is nn.Module<Tensor, Tensor> or nn.Module<Tensor, Tensor, Tensor>;

    /// <summary>The parameters that belong to the layer itself.</summary>
    internal static IEnumerable<Parameter> Own(nn.Module layer) => layer.parameters(recurse: !layer.named_children().Any());

    /// <summary>Frees the outputs.</summary>
    public void Dispose()
    {
        Output?.Dispose();
        _calls.ForEach(call => call.Output.Dispose());
    }

    private Tensor Run(nn.Module<Tensor, Tensor> model, Tensor input)
    {
        var removals = new List<Action>();
        try
        {
            using var mode = ModuleMode.Eval(model);
            using var gradients = enable_grad();
            using var scope = NewDisposeScope();
            var start = Cut(input);
            Watch(start, removals);
            using var output = model.call(start.clone());
            OutputSources = Sources(start, output);
            Mark(OutputSources);
            _calls.ForEach(call => call.Output.requires_grad = false);
            return output.detach().clone().DetachFromDisposeScope();
        }
        catch (Exception exception)
        {
            Dispose();
            if (exception is ArgumentException)
                throw;
            throw new ArgumentException(
                $"The model {model.GetType().Name} cannot read an input of shape ({string.Join(", ", InputShape)}), batch first: "
                + exception.Message.Split('\n')[0].TrimEnd(),
                nameof(input), exception);
        }
        finally
        {
            removals.ForEach(remove => remove());
        }
    }

    /// <summary>Has every layer's calls noted; what is put into the list ends that.</summary>
    private void Watch(Tensor start, List<Action> removals)
    {
        foreach (var (name, module) in Parts)
            if (module is nn.Module<Tensor, Tensor> one)
                removals.Add(one.register_forward_hook(
                    (layer, read, result) => Note(name, layer, Cost(layer, read, result), Sources(start, result), result)).remove);
            else if (module is nn.Module<Tensor, Tensor, Tensor> two)
                removals.Add(two.register_forward_hook(
                    (layer, _, _, result) => Note(name, layer, 0, Sources(start, result), result)).remove);
    }

    private Tensor Note(string name, nn.Module layer, long cost, List<int> sources, Tensor result)
    {
        var output = Cut(result).DetachFromDisposeScope();
        _calls.Add(new LayerTrace(name, layer, output, sources, cost));
        // A copy, so that what follows may change it in place or dispose of it.
        return output.clone();
    }

    private static Tensor Cut(Tensor tensor)
    {
        var leaf = tensor.detach();
        if (leaf.is_floating_point())
            leaf.requires_grad = true;
        return leaf;
    }

    private List<int> Sources(Tensor start, Tensor result)
    {
        if (!result.requires_grad)
            return [_calls.Count - 1];       // no gradient to ask: what ran before
        var outputs = _calls.Select((call, index) => (Index: index, Leaf: call.Output)).Prepend((Index: -1, Leaf: start));
        (int Index, Tensor Leaf)[] leaves = [.. outputs.Where(output => output.Leaf.requires_grad)];
        if (leaves.Length == 0)
            return [-1];
        using var scope = NewDisposeScope();
        result.sum().backward(retain_graph: true, inputs: [.. leaves.Select(leaf => leaf.Leaf)]);
        List<int> found = [.. leaves.Where(leaf => leaf.Leaf.grad is not null).Select(leaf => leaf.Index)];
        foreach (var (_, leaf) in leaves)
            leaf.grad = null;
        return found.Count == 0 && !start.requires_grad ? [-1] : found;
    }

    private void Mark(IEnumerable<int> sources)
    {
        foreach (var call in sources.Where(index => index >= 0).Select(index => _calls[index]).Where(call => !call.ReachesResult))
        {
            call.ReachesResult = true;
            Mark(call.Sources);
        }
    }

    private static IEnumerable<(string Name, nn.Module Module)> PartsOf(string path, nn.Module module)
    {
        var children = module.named_children().ToList();
        if (children.Count == 0 || module.parameters(recurse: false).Any())
            yield return (path.Length == 0 ? module.GetType().Name : path, module);
        foreach (var (name, child) in children)
            foreach (var part in PartsOf(path.Length == 0 ? name : $"{path}.{name}", child))
                yield return part;
    }

    // One output element of a convolution or a fully connected layer is one sum of products with the weights that reach it;
    // in a transposed convolution it is the input elements that meet their weights.
    private static long Cost(nn.Module layer, Tensor input, Tensor result) => layer switch
    {
        Linear linear => result.numel() * linear.in_features,
        TorchSharp.Modules.Convolution { transposed: true } from => input.numel() * from.weight.numel() / from.in_channels,
        TorchSharp.Modules.Convolution to => result.numel() * to.weight.numel() / to.out_channels,
        _ => 0,
    };
}
