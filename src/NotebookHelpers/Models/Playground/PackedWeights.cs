using System.Buffers.Text;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace NotebookHelpers;

/// <summary>
/// A layer's weights rounded to whole numbers of a few bits, each output's by a scale of its own, so that a page stays small.
/// A weight is the whole number times the scale.
/// </summary>
internal sealed record PackedWeights(int Bits, string Scales, string Numbers)
{
    /// <summary>Rounds weights of shape (outputs, …).</summary>
    /// <param name="weights">Any numbers; only read.</param>
    /// <param name="bits">8 to 16 a weight.</param>
    internal static PackedWeights Of(Tensor weights, int bits)
    {
        var (scales, numbers) = Round(weights, bits);
        return new PackedWeights(bits, Floats(scales), Base64Url.EncodeToString(Pack(numbers, bits)));
    }

    /// <summary>The weights as the page has them: rounded, in the shape that they had.</summary>
    internal static Tensor Rounded(Tensor weights, int bits)
    {
        var (scales, numbers) = Round(weights, bits);
        var length = numbers.Length / scales.Length;
        return tensor(Array.ConvertAll([.. numbers.Index()], item => item.Item * scales[item.Index / length])).reshape(weights.shape);
    }

    // One scale an output: its largest weight becomes the largest whole number.
    private static (float[] Scales, int[] Numbers) Round(Tensor weights, int bits)
    {
        using var scope = NewDisposeScope();
        var rows = weights.detach().cpu().to(ScalarType.Float32).reshape(weights.shape[0], -1).contiguous();
        int outputs = (int)rows.shape[0], length = (int)rows.shape[1], largest = (1 << (bits - 1)) - 1;
        var values = rows.data<float>().ToArray();
        var scales = new float[outputs];
        var numbers = new int[values.Length];
        for (var o = 0; o < outputs; o++)
        {
            var row = values.AsSpan(o * length, length);
            var most = 0f;
            foreach (var value in row)
                most = Math.Max(most, Math.Abs(value));
            scales[o] = most == 0 ? 1 : most / largest;
            for (var i = 0; i < length; i++)
                numbers[o * length + i] = (int)MathF.Round(row[i] / scales[o]);
        }
        return (scales, numbers);
    }

    /// <summary>Numbers as little-endian 32-bit floats in base64, in the letters that JSON need not escape.</summary>
    internal static string Floats(ReadOnlySpan<float> values) => Base64Url.EncodeToString(MemoryMarshal.AsBytes(values));

    // The lowest bits first, one number after the other, without gaps.
    private static byte[] Pack(int[] numbers, int bits)
    {
        var bytes = new byte[(numbers.Length * bits + 7) / 8];
        for (var i = 0; i < numbers.Length; i++)
            for (int bit = 0, at = i * bits; bit < bits; bit++, at++)
                if ((numbers[i] >> bit & 1) != 0)
                    bytes[at / 8] |= (byte)(1 << at % 8);
        return bytes;
    }
}
