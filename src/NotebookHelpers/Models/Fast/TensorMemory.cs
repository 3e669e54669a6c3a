using System.Runtime.InteropServices;
using TorchSharp;

namespace NotebookHelpers;

/// <summary>A tensor's numbers where they lie; for tensors in the processor's memory without gaps.</summary>
internal static class TensorMemory
{
    internal static Span<float> Floats(this torch.Tensor tensor) => MemoryMarshal.Cast<byte, float>(tensor.bytes);
}
