using static TorchSharp.torch;

namespace NotebookHelpers;

/// <summary>A dtype of the safetensors format.</summary>
/// <param name="Name">As the header has it.</param>
/// <param name="Bits">The size of one value.</param>
/// <param name="Type">torch's type of number; null where models have none of it.</param>
/// <param name="Words">What it is, where <paramref name="Type"/> is null.</param>
internal sealed record SafeTensorsType(string Name, int Bits, ScalarType? Type, string? Words = null)
{
    /// <summary>All that the format documents.</summary>
    internal static IReadOnlyList<SafeTensorsType> All { get; } =
    [
        new("F32", 32, ScalarType.Float32), new("F64", 64, ScalarType.Float64),
        new("F16", 16, ScalarType.Float16), new("BF16", 16, ScalarType.BFloat16),
        new("I64", 64, ScalarType.Int64), new("I32", 32, ScalarType.Int32), new("I16", 16, ScalarType.Int16), new("I8", 8, ScalarType.Int8),
        new("U8", 8, ScalarType.Byte), new("BOOL", 8, ScalarType.Bool),
        new("U16", 16, null, "whole numbers of 16 bits without a sign"),
        new("U32", 32, null, "whole numbers of 32 bits without a sign"),
        new("U64", 64, null, "whole numbers of 64 bits without a sign"),
        new("C64", 64, null, "complex numbers of two floats"),
        new("F8_E5M2", 8, null, "floats of 8 bits"), new("F8_E4M3", 8, null, "floats of 8 bits"),
        new("F8_E5M2FNUZ", 8, null, "floats of 8 bits"), new("F8_E4M3FNUZ", 8, null, "floats of 8 bits"),
        new("F8_E8M0", 8, null, "scales of 8 bits"),
        new("F6_E2M3", 6, null, "floats of 6 bits"), new("F6_E3M2", 6, null, "floats of 6 bits"), new("F4", 4, null, "floats of 4 bits"),
    ];

    /// <summary>The name of a type of torch's.</summary>
    /// <exception cref="ArgumentException">It has none here, as complex numbers.</exception>
    internal static string NameOf(ScalarType type) => All.FirstOrDefault(known => known.Type == type)?.Name
        ?? throw new ArgumentException($"Weights of the type {type} cannot be saved: "
            + $"expected one of {string.Join(", ", All.Select(known => known.Type).OfType<ScalarType>())}.");
}
