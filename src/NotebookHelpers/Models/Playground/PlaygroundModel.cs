using static TorchSharp.torch;

namespace NotebookHelpers;

/// <summary>A trained network that a <see cref="PlaygroundView"/> offers.</summary>
/// <param name="Name">What the reader chooses it by.</param>
/// <param name="Model">A LeNet or a Sequential of the layers that the playground knows; its weights are copied.</param>
/// <param name="Bits">
/// How many bits a weight of a large layer is rounded to in the page, 8 to 16: fewer make a smaller page, more make logits
/// nearer to the network's.
/// </param>
public sealed record PlaygroundModel(string Name, nn.Module<Tensor, Tensor> Model, int Bits = 10)
{
    /// <summary>How many bits a weight of a large layer is rounded to in the page.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not from 8 to 16.</exception>
    public int Bits { get; } = Bits is >= 8 and <= 16
        ? Bits
        : throw new ArgumentOutOfRangeException(nameof(Bits), Bits, "A weight in the page has 8 to 16 bits; LeNet's need 10.");

    /// <summary>What rounding the weights does to answers: torch with the page's weights against torch with the network's own.</summary>
    /// <param name="digits">Digits of 28×28, at least one.</param>
    /// <exception cref="ArgumentException">There is none.</exception>
    public RoundingEffect Rounding(DigitSet digits)
    {
        ArgumentNullException.ThrowIfNull(digits);
        if (digits.Count == 0)
            throw new ArgumentException("There is no digit to compare answers on. Give at least one.", nameof(digits));
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        using var evaluation = ModuleMode.Eval(Model);
        var images = new Batches(digits, digits.Count).Epoch(0).First().Images.to(ModuleMode.DeviceOf(Model));
        var exact = Model.call(images);
        Tensor[] weights = [.. PlaygroundLayers.Of(Model).Select(layer => PlaygroundLayers.Weights(layer.Layer)).OfType<Tensor>()];
        var kept = Array.ConvertAll(weights, weight => weight.clone());
        try
        {
            foreach (var weight in weights)
                weight.copy_(PackedWeights.Rounded(weight, PlaygroundLayers.BitsOf(weight, Bits)));
            var rounded = Model.call(images);
            return new RoundingEffect(
                ((rounded - exact).abs().max() / exact.abs().max()).item<float>(),
                (int)rounded.argmax(1).ne(exact.argmax(1)).sum().item<long>());
        }
        finally
        {
            foreach (var (weight, own) in weights.Zip(kept))
                weight.copy_(own);
        }
    }
}
