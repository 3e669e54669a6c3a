using System.Collections;
using System.Reflection;
using static TorchSharp.torch;

namespace NotebookHelpers;

/// <summary>
/// Whether someone watches a layer, so that it must be called as it is. TorchSharp keeps hooks to itself, so its fields are asked.
/// </summary>
internal static class LayerHooks
{
    private static readonly FieldInfo[] Tables = [.. typeof(nn.Module<Tensor, Tensor>).BaseType!
        .GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
        .Where(field => field.Name.EndsWith("hooks", StringComparison.Ordinal))];

    /// <summary>Whether one of the layers has a hook, or this version of TorchSharp does not tell.</summary>
    internal static bool AreOn(params ReadOnlySpan<nn.Module<Tensor, Tensor>> layers)
    {
        foreach (var layer in layers)
            foreach (var table in Tables)
                if (table.GetValue(layer) is not ICollection { Count: 0 })
                    return true;
        return Tables.Length == 0;
    }
}
