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
    private readonly List<(Conv2d Convolution, bool Pooled, BatchNorm2d Norm)> _blocks = [];
    private readonly MaxPool2d _pool = MaxPool2d(2);
    private readonly Dropout _dropout;
    private readonly Linear _output;
    private readonly bool _mixedPrecision;

    /// <param name="filters">Filters of the first convolution; multiples of 16 are the fastest for their number.</param>
    /// <param name="dropout">The fraction of the last maps' values set to zero while training, from 0 to below 1.</param>
    /// <param name="mixedPrecision">As <see cref="LeNetOptions.MixedPrecision"/>.</param>
    internal DeepNetwork(int filters, double dropout, bool mixedPrecision) : base(nameof(DeepNetwork))
    {
        _mixedPrecision = mixedPrecision;
        Add(1, filters, 5, pooled: true);
        Add(filters, 2 * filters, 3, pooled: false);
        Add(2 * filters, 2 * filters, 3, pooled: true);
        Add(2 * filters, 4 * filters, 3, pooled: false);
        Add(4 * filters, 4 * filters, 3, pooled: true);
        register_module("dropout", _dropout = Dropout(dropout));
        register_module("output", _output = Linear(4 * filters * 3 * 3, 10));
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var type = _mixedPrecision && training ? ScalarType.BFloat16 : ScalarType.Float32;
        var x = ChannelsInnermost.Of(input);
        foreach (var (convolution, pooled, norm) in _blocks)
        {
            x = convolution.CallIn(type, x);
            x = norm.call(pooled ? _pool.call(x) : x).relu_();
        }
        return _output.CallIn(type, _dropout.call(x.flatten(1))).to(ScalarType.Float32).MoveToOuterDisposeScope();
    }

    private void Add(int inputs, int outputs, int kernel, bool pooled)
    {
        var block = (Convolution: Conv2d(inputs, outputs, kernel, padding: kernel / 2), pooled, Norm: BatchNorm2d(outputs));
        _blocks.Add(block);
        register_module($"conv{_blocks.Count}", block.Convolution);
        register_module($"norm{_blocks.Count}", block.Norm);
    }
}
