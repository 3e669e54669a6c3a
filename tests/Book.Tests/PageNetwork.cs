using System.Buffers.Text;
using System.Collections;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using Layers = TorchSharp.torch.nn.Module<TorchSharp.torch.Tensor, TorchSharp.torch.Tensor>;

namespace Book.Tests;

/// <summary>A network as a page holds it, built of torch's layers: its weights are unpacked bit by bit, not as the page does it.</summary>
internal static class PageNetwork
{
    internal static Sequential ToTorch(JsonArray layers) =>
        Sequential(layers.Select((layer, index) => ($"layer{index}", ToTorch(layer!))).ToArray());

    private static Layers ToTorch(JsonNode layer) => (string)layer["type"]! switch
    {
        "conv" => WithWeights(Conv2d(
            (int)layer["inputs"]!, (int)layer["outputs"]!, (int)layer["kernel"]!, (int)layer["stride"]!, (int)layer["padding"]!), layer),
        "linear" => WithWeights(Linear((int)layer["inputs"]!, (int)layer["outputs"]!), layer),
        "max" => MaxPool2d((int)layer["kernel"]!, (int)layer["stride"]!),
        "flatten" => Flatten(),
        "selu" => SELU(),
        var other => throw new ArgumentException($"The lesson's networks have no layer of type {other}."),
    };

    private static Layers WithWeights(Layers module, JsonNode layer)
    {
        using var gradients = no_grad();
        foreach (var (name, parameter) in module.named_parameters())
        {
            var values = name == "weight" ? Weights(layer["weights"]!, (int)parameter.numel()) : Floats((string)layer["bias"]!);
            parameter.copy_(tensor(values).reshape(parameter.shape));
        }
        return module;
    }

    private static float[] Weights(JsonNode packed, int count)
    {
        var (bits, scales) = ((int)packed["bits"]!, Floats((string)packed["scales"]!));
        var stream = new BitArray(Base64Url.DecodeFromChars((string)packed["numbers"]!));
        return [.. Enumerable.Range(0, count).Select(i => Number(i) * scales[i / (count / scales.Length)])];

        // Two's complement: the highest bit counts below zero.
        int Number(int i) => Enumerable.Range(0, bits).Sum(bit => !stream[i * bits + bit] ? 0 : bit == bits - 1 ? -(1 << bit) : 1 << bit);
    }

    private static float[] Floats(string text) => MemoryMarshal.Cast<byte, float>(Base64Url.DecodeFromChars(text)).ToArray();
}
