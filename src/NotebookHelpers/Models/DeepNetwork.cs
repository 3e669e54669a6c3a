using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace NotebookHelpers;

/// <summary>
/// Five convolutions, each with batch normalisation and ReLU, with twice the filters after each pooling (after VGG, Simonyan
/// and Zisserman 2015), dropout and one fully connected layer. From images (batch, 1, 28, 28) to logits (batch, 10).
/// </summary>
internal sealed class DeepNetwork : Module<Tensor, Tensor>
{
    private readonly List<Module<Tensor, Tensor>?> _blocks = [];
    private readonly MaxPool2d _pool = MaxPool2d(2);
    private readonly ReLU _relu = ReLU(inplace: true);
    private readonly Flatten _flatten = Flatten();
    private readonly Dropout _dropout;
    private readonly Linear _output;
    private readonly bool _mixedPrecision;

    /// <param name="filters">Filters of the first convolution; multiples of 16 are the fastest for their number.</param>
    /// <param name="dropout">The fraction of the last maps' values set to zero while training, from 0 to below 1.</param>
    /// <param name="mixedPrecision">As <see cref="LeNetOptions.MixedPrecision"/>.</param>
    internal DeepNetwork(int filters, double dropout, bool mixedPrecision) : base(nameof(DeepNetwork))
    {
        _mixedPrecision = mixedPrecision;
        Add(1, 1, filters, 5, pooled: true);
        Add(2, filters, 2 * filters, 3, pooled: false);
        Add(3, 2 * filters, 2 * filters, 3, pooled: true);
        Add(4, 2 * filters, 4 * filters, 3, pooled: false);
        Add(5, 4 * filters, 4 * filters, 3, pooled: true);
        register_module("dropout", _dropout = Dropout(dropout));
        register_module("output", _output = Linear(4 * filters * 3 * 3, 10));
    }

    public override Tensor forward(Tensor input)
    {
        var type = _mixedPrecision && training ? ScalarType.BFloat16 : ScalarType.Float32;
        return FastLayers.Run(input, type, [.. _blocks, _flatten, _dropout, _output]);
    }

    private void Add(int number, int inputs, int outputs, int kernel, bool pooled)
    {
        var (convolution, norm) = (Conv2d(inputs, outputs, kernel, padding: kernel / 2), BatchNorm2d(outputs));
        register_module($"conv{number}", convolution);
        register_module($"norm{number}", norm);
        _blocks.AddRange([convolution, pooled ? _pool : null, norm, _relu]);
    }
}
