using static TorchSharp.torch;

namespace NotebookHelpers;

/// <summary>A copy of a model's parameters and running averages at one moment, to go back to.</summary>
public sealed class WeightSnapshot : IDisposable
{
    private readonly Dictionary<string, Tensor> _values;

    private WeightSnapshot(Dictionary<string, Tensor> values) => _values = values;

    /// <summary>Copies the weights of a model.</summary>
    public static WeightSnapshot Of(nn.Module model)
    {
        ArgumentNullException.ThrowIfNull(model);
        using var noGradients = no_grad();
        return Of(model.state_dict());
    }

    internal static WeightSnapshot Of(IReadOnlyDictionary<string, Tensor> values) =>
        new(values.ToDictionary(entry => entry.Key, entry => entry.Value.clone().DetachFromDisposeScope()));

    internal IReadOnlyDictionary<string, Tensor> Values => _values;

    /// <summary>Gives a model of the same shape the weights back.</summary>
    /// <exception cref="ArgumentException">The model has other weights than the snapshot.</exception>
    public void Restore(nn.Module model)
    {
        ArgumentNullException.ThrowIfNull(model);
        SafeTensors.Check(model, _values, "The snapshot", sameTypes: false);
        SafeTensors.Restore(model, _values);
    }

    /// <summary>Moves each value towards the model's by a share of the way, from 0 to 1; counts of steps are taken over.</summary>
    internal void MoveTowards(nn.Module model, double share)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        foreach (var (name, value) in model.state_dict())
            if (value.is_floating_point())
                _values[name].lerp_(value, share);
            else
                _values[name].copy_(value);
    }

    /// <summary>Gives a model these weights until the result is disposed, then its own back.</summary>
    internal Visit VisitTo(nn.Module model)
    {
        var own = Of(model);
        Restore(model);
        return new Visit(model, own);
    }

    internal sealed class Visit(nn.Module model, WeightSnapshot own) : IDisposable
    {
        public void Dispose()
        {
            own.Restore(model);
            own.Dispose();
        }
    }

    /// <summary>Frees the copy.</summary>
    public void Dispose()
    {
        foreach (var value in _values.Values)
            value.Dispose();
    }
}
