using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace NotebookHelpers;

/// <summary>
/// The article's network for digits of 28×28, after LeNet-5 (LeCun et al. 1998): two convolutions of 3×3, each followed by
/// max pooling of 3×3 with stride 2, then fully connected layers of 256 and 100 with SELU, and ten logits.
/// 176,286 parameters as corrected. Input: float (batch, 1, 28, 28) in [0, 1]; output: logits (batch, 10). The sizes below are
/// the article's, where <see cref="LeNetOptions"/> gives no others.
/// </summary>
/// <remarks>
/// Weights start as in the article's framework, TensorFlow 1, whose layers default to Glorot's uniform distribution
/// (Glorot and Bengio 2010: within ±√(6/(fan in + fan out))) and zero biases. torch's own default is another one: both
/// weights and biases uniform within ±1/√(fan in).
/// </remarks>
public sealed class LeNet : Module<Tensor, Tensor>
{
    private readonly BatchNorm2d? _norm1, _norm2;
    private readonly BatchNorm1d? _norm3, _norm4;
    private readonly Dropout? _dropout1, _dropout2;
    private readonly Module<Tensor, Tensor> _activation, _logitsActivation = SELU();

    /// <summary>Builds the network with fresh weights from torch's random generator (see <see cref="random.manual_seed"/>).</summary>
    /// <param name="options">The variant; <see cref="LeNetOptions.Corrected"/> when left out.</param>
    public LeNet(LeNetOptions? options = null) : base(nameof(LeNet))
    {
        Options = options ?? LeNetOptions.Corrected;
        _activation = LayerOf(Options.Activation);
        int filters1 = Options.Filters1, filters2 = Options.Filters2, units1 = Options.Units1, units2 = Options.Units2;
        conv1 = Add("conv1", Conv2d(1, filters1, Options.Kernel, padding: Options.Kernel / 2));        // SAME for stride 1
        _norm1 = Options.BatchNormalization ? Add("norm1", BatchNorm2d(filters1, momentum: 0.1)) : null;
        pool1 = Add("pool1", MaxPool2d(3, stride: 2));
        conv2 = Add("conv2", Conv2d(filters1, filters2, Options.Kernel, padding: Options.Kernel / 2));
        _norm2 = Options.BatchNormalization ? Add("norm2", BatchNorm2d(filters2, momentum: 0.1)) : null;
        pool2 = Add("pool2", MaxPool2d(3, stride: 2));
        flatten = Add("flatten", Flatten());
        fc1 = Add("fc1", Linear(6 * 6 * filters2, units1));
        _norm3 = Options.BatchNormalization ? Add("norm3", BatchNorm1d(units1, momentum: 0.1)) : null;
        _dropout1 = Options.Dropout > 0 ? Add("dropout1", Dropout(Options.Dropout)) : null;
        fc2 = Add("fc2", Linear(units1, units2));
        _norm4 = Options.BatchNormalization ? Add("norm4", BatchNorm1d(units2, momentum: 0.1)) : null;
        _dropout2 = Options.Dropout > 0 ? Add("dropout2", Dropout(Options.Dropout)) : null;
        output = Add("output", Linear(Options.OutputReadsFc1 ? units1 : units2, 10));

        foreach (var (weight, bias) in new[]
                 {
                     (conv1.weight, conv1.bias!), (conv2.weight, conv2.bias!), (fc1.weight, fc1.bias!),
                     (fc2.weight, fc2.bias!), (output.weight, output.bias!),
                 })
        {
            init.xavier_uniform_(weight);
            init.zeros_(bias);
        }
    }

    /// <summary>The variant that was built.</summary>
    public LeNetOptions Options { get; }

    /// <summary>12 filters of 3×3: (batch, 1, 28, 28) to (batch, 12, 28, 28).</summary>
    public Conv2d conv1 { get; }

    /// <summary>Max pooling of 3×3, stride 2: to (batch, 12, 13, 13).</summary>
    public MaxPool2d pool1 { get; }

    /// <summary>16 filters of 3×3: to (batch, 16, 13, 13).</summary>
    public Conv2d conv2 { get; }

    /// <summary>Max pooling of 3×3, stride 2: to (batch, 16, 6, 6).</summary>
    public MaxPool2d pool2 { get; }

    /// <summary>To (batch, 576), channel by channel.</summary>
    public Flatten flatten { get; }

    /// <summary>Fully connected, 576 to 256.</summary>
    public Linear fc1 { get; }

    /// <summary>Fully connected, 256 to 100; dead when <see cref="LeNetOptions.OutputReadsFc1"/>.</summary>
    public Linear fc2 { get; }

    /// <summary>Fully connected, to the ten logits.</summary>
    public Linear output { get; }

    /// <summary>The logits of a batch.</summary>
    /// <param name="input">Float, (batch, 1, 28, 28), in [0, 1].</param>
    /// <returns>Logits, (batch, 10).</returns>
    /// <exception cref="ArgumentException">The input has another shape.</exception>
    public override Tensor forward(Tensor input)
    {
        if (input.shape is not [_, 1, 28, 28])
            throw new ArgumentException(
                $"LeNet reads one-channel images of 28×28, shape (batch, 1, 28, 28), but got ({string.Join(", ", input.shape)}).",
                nameof(input));

        return FastLayers.Run(input, Options.MixedPrecision && training ? ScalarType.BFloat16 : ScalarType.Float32, Layers);
    }

    /// <summary>The graph: all layers in the order in which they run.</summary>
    internal IEnumerable<Module<Tensor, Tensor>> Layers => new Module<Tensor, Tensor>?[]
    {
        conv1,                    // (batch, 12, 28, 28)
        _norm1,
        pool1,                    // (batch, 12, 13, 13)
        Options.ActivateMaps ? _activation : null,
        conv2,                    // (batch, 16, 13, 13)
        _norm2,
        pool2,                    // (batch, 16, 6, 6)
        flatten,                  // (batch, 576)
        Options.ActivateMaps ? _activation : null,
        fc1,                      // (batch, 256)
        _norm3,
        _activation,
        _dropout1,
        Options.OutputReadsFc1 ? null : fc2,        // (batch, 100)
        Options.OutputReadsFc1 ? null : _norm4,
        Options.OutputReadsFc1 ? null : _activation,
        Options.OutputReadsFc1 ? null : _dropout2,
        output,                   // (batch, 10)
        Options.SeluOnLogits ? _logitsActivation : null,
    }.OfType<Module<Tensor, Tensor>>();

    private static Module<Tensor, Tensor> LayerOf(Activation activation) => activation switch
    {
        Activation.Relu => ReLU(),
        Activation.Gelu => GELU(),
        Activation.Silu => SiLU(),
        Activation.Tanh => Tanh(),
        _ => SELU(),
    };

    private TModule Add<TModule>(string name, TModule layer) where TModule : nn.Module
    {
        register_module(name, layer);
        return layer;
    }
}
