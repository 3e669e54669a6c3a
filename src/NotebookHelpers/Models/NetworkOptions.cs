using static TorchSharp.torch;

namespace NotebookHelpers;

/// <summary>
/// A network for digits of 28×28 and its wiring, as a value: <see cref="LeNetOptions"/>, <see cref="LeNet5Options"/> or
/// <see cref="DeepNetworkOptions"/>.
/// </summary>
public abstract record NetworkOptions
{
    private protected NetworkOptions()
    {
    }

    /// <summary>Whether it draws random numbers while it trains, as dropout does.</summary>
    internal virtual bool DrawsInTraining => false;

    /// <summary>
    /// The network, from images (batch, 1, 28, 28) to logits (batch, 10), with fresh weights from torch's random generator.
    /// </summary>
    internal abstract nn.Module<Tensor, Tensor> Build();
}
