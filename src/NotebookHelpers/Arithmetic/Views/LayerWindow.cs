using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NotebookHelpers;

/// <summary>
/// How the window of one of torch's layers slides, as the views draw it: one stride and one dilation for both directions,
/// the same padding on opposite sides. What they cannot draw is refused with its name.
/// </summary>
internal sealed record LayerWindow(int Height, int Width, int Stride, Pad Padding, int Dilation)
{
    /// <summary>Reads a Conv2d, MaxPool2d or AvgPool2d.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="sizesOnly">Accepts what changes the values under the window but not where it stands.</param>
    /// <exception cref="ArgumentException">It is another layer, or has settings that cannot be drawn.</exception>
    internal static LayerWindow Of(nn.Module layer, bool sizesOnly = false)
    {
        ArgumentNullException.ThrowIfNull(layer);
        var kind = layer.GetType().Name;
        return layer switch
        {
            Conv2d { padding_mode: not PaddingModes.Zeros, padding_mode: var mode } =>
                throw Refused($"padding mode {mode}", "with padding of zeros"),
            Conv2d conv => Read(conv.kernel_size, conv.stride, conv.padding, conv.dilation, conv.padding_type),
            MaxPool2d { ceil_mode: true } or AvgPool2d { ceil_mode: true } =>
                throw Refused("ceil_mode", "whose windows all lie inside the padded image (ceil_mode: false)"),
            AvgPool2d { divisor_override: not null } when !sizesOnly =>
                throw Refused("a divisor of its own", "that divides by the number of cells"),
            MaxPool2d pool => Read(pool.kernel_size, pool.stride, pool.padding, pool.dilation),
            AvgPool2d { count_include_pad: true, padding: var cells } when !sizesOnly && cells?.Any(count => count > 0) == true =>
                throw Refused("count_include_pad", "that leaves padding out of its means (count_include_pad: false)"),
            AvgPool2d pool => Read(pool.kernel_size, pool.stride, pool.padding, null),
            _ => throw new ArgumentException(
                "A layer whose window slides over an image was expected: Conv2d, MaxPool2d or AvgPool2d. " +
                $"This is a {kind}; of a model, give one of its layers.", nameof(layer)),
        };

        LayerWindow Read(long[] kernel, long[]? stride, long[]? padding, long[]? dilation, TorchSharp.Padding? named = null) => new(
            (int)kernel[0], (int)kernel[^1], One(stride ?? kernel, "stride"),
            named switch
            {
                TorchSharp.Padding.Same => Pad.Same,
                TorchSharp.Padding.Valid => Pad.Valid,
                _ => One(padding ?? [0], "padding"),
            },
            One(dilation ?? [1], "dilation"));

        int One(long[] sizes, string setting) => sizes.All(size => size == sizes[0])
            ? (int)sizes[0]
            : throw Refused($"{setting} ({string.Join(", ", sizes)})", $"with the same {setting} both ways");

        ArgumentException Refused(string setting, string instead) =>
            new($"The {kind} has {setting}, which this view does not draw. Give it a layer {instead}.", nameof(layer));
    }

    /// <summary>One of several things that are counted from 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such.</exception>
    internal static int Chosen(int index, long count, string name) => index >= 0 && index < count
        ? index
        : throw new ArgumentOutOfRangeException(
            name, index, $"There is no {name} {index}: there {(count == 1 ? "is only 0" : $"are 0 to {count - 1}")}.");
}
