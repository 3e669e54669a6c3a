using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace NotebookHelpers;

/// <summary>
/// The article's network for digits of 28×28, after LeNet-5 (LeCun et al. 1998): two convolutions of 3×3, each followed by
/// max pooling of 3×3 with stride 2, then fully connected layers of 256 and 100 with SELU, and ten logits.
/// 176,286 parameters as corrected. Input: float (batch, 1, 28, 28) in [0, 1]; output: logits (batch, 10).
/// </summary>
/// <remarks>
/// Weights start as in the article's framework, TensorFlow 1, whose layers default to Glorot's uniform distribution
/// (Glorot and Bengio 2010: within ±√(6/(fan in + fan out))) and zero biases. torch's own default is another one: both
/// weights and biases uniform within ±1/√(fan in).
/// </remarks>
public sealed class LeNet : Module<Tensor, Tensor>
{
    /// <summary>Builds the network with fresh weights from torch's random generator (see <see cref="random.manual_seed"/>).</summary>
    /// <param name="options">The variant; <see cref="LeNetOptions.Corrected"/> when left out.</param>
    public LeNet(LeNetOptions? options = null) : base(nameof(LeNet))
    {
        Options = options ?? LeNetOptions.Corrected;
        conv1 = Add("conv1", Conv2d(1, 12, 3, padding: 1L));        // SAME for 3×3 and stride 1
        norm1 = Options.BatchNormalization ? Add("norm1", BatchNorm2d(12, momentum: 0.1)) : null;
        pool1 = Add("pool1", MaxPool2d(3, stride: 2));
        conv2 = Add("conv2", Conv2d(12, 16, 3, padding: 1L));
        norm2 = Options.BatchNormalization ? Add("norm2", BatchNorm2d(16, momentum: 0.1)) : null;
        pool2 = Add("pool2", MaxPool2d(3, stride: 2));
        flatten = Add("flatten", Flatten());
        fc1 = Add("fc1", Linear(6 * 6 * 16, 256));
        norm3 = Options.BatchNormalization ? Add("norm3", BatchNorm1d(256, momentum: 0.1)) : null;
        dropout1 = Options.Dropout > 0 ? Add("dropout1", Dropout(Options.Dropout)) : null;
        fc2 = Add("fc2", Linear(256, 100));
        norm4 = Options.BatchNormalization ? Add("norm4", BatchNorm1d(100, momentum: 0.1)) : null;
        dropout2 = Options.Dropout > 0 ? Add("dropout2", Dropout(Options.Dropout)) : null;
        output = Add("output", Linear(Options.OutputReadsFc1 ? 256 : 100, 10));

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

    private readonly BatchNorm2d? norm1, norm2;
    private readonly BatchNorm1d? norm3, norm4;
    private readonly Dropout? dropout1, dropout2;

    /// <summary>The logits of a batch.</summary>
    /// <param name="input">Float, (batch, 1, 28, 28), in [0, 1].</param>
    /// <returns>Logits, (batch, 10).</returns>
    /// <exception cref="ArgumentException">The input has another shape.</exception>
    public override Tensor forward(Tensor input)
    {
        if (input.shape is not [_, 1, 28, 28])
            throw new ArgumentException(
                $"LeNet reads batches of one-channel images of 28×28, shape (batch, 1, 28, 28), but got ({string.Join(", ", input.shape)}).",
                nameof(input));

        using var scope = NewDisposeScope();
        // While training, the channels are innermost in memory: torch pools such maps about twice as fast, and sums may round
        // differently in the last digit. It normalises few channels much slower that way, so norm1 comes before the change;
        // without it the picture, with its one channel, only needs another view of the same bytes.
        var x = conv1.call(training && norm1 is null ? input.reshape(-1, 28, 28, 1).permute(0, 3, 1, 2) : input);
        if (norm1 is not null)
        {
            x = norm1.call(x);
            x = training ? x.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2) : x;
        }
        x = conv2.call(pool1.call(x));
        x = norm2?.call(x) ?? x;
        x = flatten.call(pool2.call(x));

        x = fc1.call(x);
        x = Activated(norm3?.call(x) ?? x);
        x = dropout1?.call(x) ?? x;

        if (!Options.OutputReadsFc1)
        {
            x = fc2.call(x);
            x = Activated(norm4?.call(x) ?? x);
            x = dropout2?.call(x) ?? x;
        }

        var logits = output.call(x);
        return (Options.SeluOnLogits ? functional.selu(logits) : logits).MoveToOuterDisposeScope();
    }

    private Tensor Activated(Tensor x) => Options.Activation switch
    {
        Activation.Relu => functional.relu(x),
        Activation.Gelu => functional.gelu(x),
        Activation.Silu => functional.silu(x),
        Activation.Tanh => x.tanh(),
        _ => functional.selu(x),
    };

    private TModule Add<TModule>(string name, TModule layer) where TModule : nn.Module
    {
        register_module(name, layer);
        return layer;
    }
}
