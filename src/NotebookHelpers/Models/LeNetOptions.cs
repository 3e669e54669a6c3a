using static TorchSharp.torch;

namespace NotebookHelpers;

/// <summary>How a <see cref="LeNet"/> is wired: the published graph's two mistakes, and its regularisation.</summary>
public sealed record LeNetOptions : NetworkOptions
{
    /// <summary>The graph as the article means it: the logits read fc2 and pass no activation. The default.</summary>
    public static LeNetOptions Corrected { get; } = new();

    /// <summary>The graph as the article published it: the logits read fc1, so that fc2 is dead, and pass through SELU.</summary>
    public static LeNetOptions AsPublished { get; } = new() { OutputReadsFc1 = true, SeluOnLogits = true };

    /// <summary>The first mistake: the output layer reads fc1 (256 values) in place of fc2 (100), which nothing reads then.</summary>
    public bool OutputReadsFc1 { get; init; }

    /// <summary>The second mistake: the logits pass through SELU, which cannot go below about −1.758.</summary>
    public bool SeluOnLogits { get; init; }

    /// <summary>The activation after fc1 and fc2.</summary>
    public Activation Activation { get; init; }

    /// <summary>Whether the activation also follows each pooling; in the article none does.</summary>
    public bool ActivateMaps { get; init; }

    /// <summary>Filters of conv1; the article's 12. Multiples of 16 are the fastest for their number.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int Filters1 { get; init => field = Require.AtLeast(1, value, nameof(Filters1)); } = 12;

    /// <summary>Filters of conv2; the article's 16.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int Filters2 { get; init => field = Require.AtLeast(1, value, nameof(Filters2)); } = 16;

    /// <summary>Outputs of fc1; the article's 256.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int Units1 { get; init => field = Require.AtLeast(1, value, nameof(Units1)); } = 256;

    /// <summary>Outputs of fc2; the article's 100.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int Units2 { get; init => field = Require.AtLeast(1, value, nameof(Units2)); } = 100;

    /// <summary>The side of both convolutions' kernels, an odd number; the article's 3. Padding keeps the maps' sizes.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is even or below 1.</exception>
    public int Kernel
    {
        get;
        init => field = value >= 1 && value % 2 == 1
            ? value
            : throw new ArgumentOutOfRangeException(nameof(Kernel), value,
                "The kernel's side is an odd number, such as 3 or 5, so that equal padding on both sides keeps the maps' sizes.");
    } = 3;

    /// <summary>
    /// Batch normalisation (Ioffe and Szegedy 2015) after every convolution, and before the activation of fc1 and fc2. Its running
    /// averages keep 0.9 of the old value at each step: momentum 0.9 in TensorFlow's words, 0.1 in torch's.
    /// </summary>
    /// <remarks>
    /// Where channels lie innermost in memory, as they do for the second normalisation, torch sums a map's values one after another in
    /// 32 bits: over 128 sample digits its means are off by up to 7e-5 and the logits by up to 9e-5, where torch's usual layout has 2e-7
    /// and 7e-6. That layout takes more than twice the time, so the fast one is used where it fits.
    /// </remarks>
    public bool BatchNormalization { get; init; }

    /// <summary>
    /// Dropout (Srivastava et al. 2014) after fc1 and fc2: the fraction of the values set to zero while training,
    /// from 0 (none, the default) to below 1; the article uses 0.5.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not in [0, 1).</exception>
    public double Dropout { get; init => field = Require.Fraction(value, nameof(Dropout), "0.5"); }

    /// <summary>
    /// Whether training computes the layers in bfloat16, floats with 8 bits of mantissa in place of 24, while weights,
    /// averages, loss and evaluation stay as they are (mixed precision: Micikevicius et al. 2018; Kalamkar et al. 2019). Where
    /// the processor has instructions for it (AVX-512 BF16, AMX), convolutions take half the time; elsewhere longer. The first
    /// one, which reads one channel, stays in floats where it runs together with its pooling: that is faster yet. The
    /// layers' hooks are not called while training then.
    /// </summary>
    public bool MixedPrecision { get; init; }

    internal override bool DrawsInTraining => Dropout > 0;

    internal override nn.Module<Tensor, Tensor> Build() => new LeNet(this);
}
