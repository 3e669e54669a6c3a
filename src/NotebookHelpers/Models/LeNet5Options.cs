using static TorchSharp.torch;

namespace NotebookHelpers;

/// <summary>
/// LeNet-5 (LeCun et al. 1998) in its usual modern form, as lesson 3 builds it: tanh and average pooling. Nothing in it varies.
/// </summary>
public sealed record LeNet5Options : NetworkOptions
{
    internal override nn.Module<Tensor, Tensor> Build() => nn.Sequential(
        ("conv1", nn.Conv2d(1, 6, 5, padding: 2L)), ("tanh1", nn.Tanh()), ("pool1", nn.AvgPool2d(2)),
        ("conv2", nn.Conv2d(6, 16, 5)), ("tanh2", nn.Tanh()), ("pool2", nn.AvgPool2d(2)),
        ("flatten", nn.Flatten()),
        ("fc1", nn.Linear(400, 120)), ("tanh3", nn.Tanh()),
        ("fc2", nn.Linear(120, 84)), ("tanh4", nn.Tanh()),
        ("output", nn.Linear(84, 10)));
}
