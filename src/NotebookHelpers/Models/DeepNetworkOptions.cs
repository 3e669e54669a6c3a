using System.Text.Json.Serialization;
using static TorchSharp.torch;

namespace NotebookHelpers;

/// <summary>
/// Five convolutions, each with batch normalisation and ReLU, with twice the filters after each pooling (after VGG, Simonyan and
/// Zisserman 2015): what one takes when the wiring is free.
/// </summary>
public sealed record DeepNetworkOptions : NetworkOptions
{
    /// <summary>Filters of the first convolution; multiples of 16 are the fastest for their number.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]   // the first results spell it out
    public int Filters1 { get; init => field = Require.AtLeast(1, value, nameof(Filters1)); } = 16;

    /// <summary>The fraction of the last maps' values set to zero while training, from 0 (none, the default) to below 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not in [0, 1).</exception>
    public double Dropout { get; init => field = Require.Fraction(value, nameof(Dropout), "0.5"); }

    /// <inheritdoc cref="LeNetOptions.MixedPrecision"/>
    public bool MixedPrecision { get; init; }

    internal override bool DrawsInTraining => Dropout > 0;

    internal override nn.Module<Tensor, Tensor> Build() => new DeepNetwork(Filters1, Dropout, MixedPrecision);
}
