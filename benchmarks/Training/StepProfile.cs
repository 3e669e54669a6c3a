using System.Diagnostics;
using NotebookHelpers;
using static TorchSharp.torch;
using Layer = TorchSharp.torch.nn.Module<TorchSharp.torch.Tensor, TorchSharp.torch.Tensor>;

namespace Benchmarks.Training;

/// <summary>Microseconds an image of one part of a training step, the median of several steps.</summary>
/// <param name="Name">The layer's, those of layers that run together, or another part's.</param>
/// <param name="Layers">How many layers it is.</param>
/// <param name="Forward">Forward, or all of a part that is no layer.</param>
/// <param name="Backward">Backward, for weights and input.</param>
internal sealed record StepPart(string Name, int Layers, double Forward, double Backward);

/// <summary>
/// Times a training step layer by layer. Each layer's output is cut off from the layers before it, so that its backward pass can be
/// timed alone; the numbers are those of an uncut step.
/// </summary>
/// <param name="model">The network.</param>
/// <param name="optimizer">Its optimiser.</param>
/// <param name="next">Runs the next layer or layers, see <see cref="FastLayers.Next"/>.</param>
internal sealed class StepProfile(LeNet model, optim.Optimizer optimizer, StepProfile.NextLayers next)
{
    internal delegate (Tensor X, int Zeros, int Done) NextLayers(Tensor x, int zeros, ReadOnlySpan<Layer> rest);

    private readonly Layer[] _layers = [.. model.Layers];
    private readonly List<(string Name, int Layers, Sample Forward, Sample Backward)> _parts = [];
    private long _at;
    private int _images;

    internal List<StepPart> Of(IEnumerable<(Tensor Images, Tensor Labels)> batches)
    {
        model.train();
        _at = Stopwatch.GetTimestamp();
        foreach (var (images, labels) in batches)
        {
            using var scope = NewDisposeScope();
            _images = (int)images.shape[0];
            var part = 0;
            Add(part++, "making the batch", 0);
            var cuts = Forward(images, ref part);
            Loss(cuts[^1].Input, labels, part++);
            Backward(cuts);
            optimizer.step();
            optimizer.zero_grad();
            Add(part, "optimiser", 0);
        }
        return [.. _parts.Select(part => new StepPart(part.Name, part.Layers, part.Forward.Median, part.Backward.Median))];
    }

    /// <summary>Runs the layers.</summary>
    /// <returns>For each part what it read, then the logits; and with each what the part before it had put out.</returns>
    private List<(Tensor Input, Tensor? Output)> Forward(Tensor images, ref int part)
    {
        var cuts = new List<(Tensor Input, Tensor? Output)> { (images, null) };
        ReadOnlySpan<Layer> rest = _layers;
        for (var zeros = 0; !rest.IsEmpty;)
        {
            (var output, zeros, var done) = next(cuts[^1].Input, zeros, rest);
            cuts.Add((output.detach().requires_grad_(true), output));
            Add(part++, string.Join(", ", rest[..done].ToArray().Select(NameOf)), done);
            rest = rest[done..];
        }
        return cuts;
    }

    private void Loss(Tensor logits, Tensor labels, int part)
    {
        var loss = nn.functional.cross_entropy(logits, labels);
        loss.item<float>();
        Add(part, "loss", 0);
        loss.backward();
        AddBackward(part);
    }

    private void Backward(List<(Tensor Input, Tensor? Output)> cuts)
    {
        for (var cut = cuts.Count - 1; cut > 0; cut--)
        {
            cuts[cut].Output!.backward([cuts[cut].Input.grad!]);
            AddBackward(cut);
        }
    }

    private string NameOf(Layer layer) => model.named_children()
        .Where(child => ReferenceEquals(child.module, layer)).Select(child => child.name).FirstOrDefault("activation");

    private void Add(int part, string name, int layers)
    {
        if (part == _parts.Count)
            _parts.Add((name, layers, new(), new()));
        _parts[part].Forward.Add(Lap());
    }

    private void AddBackward(int part) => _parts[part].Backward.Add(Lap());

    private double Lap()
    {
        var now = Stopwatch.GetTimestamp();
        var lap = Stopwatch.GetElapsedTime(_at, now).TotalMicroseconds / _images;
        _at = now;
        return lap;
    }
}
