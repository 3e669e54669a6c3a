using static TorchSharp.torch;

namespace NotebookHelpers;

/// <summary>A trained network that a <see cref="PlaygroundView"/> offers.</summary>
/// <param name="Name">What the reader chooses it by.</param>
/// <param name="Model">A LeNet or a Sequential of the layers that the playground knows; its weights are copied.</param>
/// <param name="Bits">How many bits a weight of a large layer is rounded to in the page: 8, 12 or 16.</param>
public sealed record PlaygroundModel(string Name, nn.Module<Tensor, Tensor> Model, int Bits = 12);
