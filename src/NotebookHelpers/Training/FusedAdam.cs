using System.Numerics;
using System.Runtime.InteropServices;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NotebookHelpers;

/// <summary>
/// TorchSharp's Adam in one pass over each parameter: the same formula (Kingma and Ba 2015) and the same state, where theirs
/// takes a dozen operators with a pass, a call and often a temporary tensor each.
/// </summary>
internal sealed class FusedAdam(IEnumerable<Parameter> parameters, double learningRate) : Adam(parameters, learningRate)
{
    public override Tensor step(Func<Tensor>? closure = null)
    {
        // What one pass over plain floats cannot do is TorchSharp's to do.
        if (closure is not null || !this.parameters().All(IsPlain))
            return base.step(closure);
        foreach (var group in _parameter_groups)
        {
            var options = (Options)group.Options;
            foreach (var parameter in group.Parameters)
            {
                if (parameter.grad is not { } gradient)
                    continue;
                using var plain = gradient.contiguous();
                var state = (State)_state[parameter.Handle];
                state.step++;
                Update(parameter.Floats(), plain.Floats(), state.exp_avg.Floats(), state.exp_avg_sq.Floats(), state.step,
                    options.LearningRate!.Value, options.beta1!.Value, options.beta2!.Value, (float)options.eps!.Value);
            }
        }
        return null!;   // as TorchSharp's without a closure
    }

    /// <summary>Forgets the gradients, where TorchSharp's writes zeros that torch then adds the next ones to.</summary>
    public override void zero_grad()
    {
        foreach (var parameter in this.parameters())
            parameter.grad = null;
    }

    private static bool IsPlain(Tensor parameter) =>
        parameter.dtype == ScalarType.Float32 && parameter.device_type == TorchSharp.DeviceType.CPU && parameter.is_contiguous();

    private static void Update(Span<float> weights, ReadOnlySpan<float> gradients, Span<float> means, Span<float> squares, long step,
        double learningRate, double beta1, double beta2, float epsilon)
    {
        // 1 − 0.999 is not exact enough in floats.
        var (kept1, new1, kept2, new2) = ((float)beta1, (float)(1 - beta1), (float)beta2, (float)(1 - beta2));
        var rate = (float)(learningRate / (1 - Math.Pow(beta1, step)));
        var correction = (float)(1 / Math.Sqrt(1 - Math.Pow(beta2, step)));
        var whole = weights.Length - weights.Length % Vector<float>.Count;
        var g = MemoryMarshal.Cast<float, Vector<float>>(gradients[..whole]);
        var m = MemoryMarshal.Cast<float, Vector<float>>(means[..whole]);
        var v = MemoryMarshal.Cast<float, Vector<float>>(squares[..whole]);
        var w = MemoryMarshal.Cast<float, Vector<float>>(weights[..whole]);
        for (var i = 0; i < g.Length; i++)
        {
            m[i] = m[i] * kept1 + g[i] * new1;
            v[i] = v[i] * kept2 + g[i] * g[i] * new2;
            w[i] -= m[i] * rate / (Vector.SquareRoot(v[i]) * correction + new Vector<float>(epsilon));
        }
        for (var i = whole; i < weights.Length; i++)
        {
            means[i] = means[i] * kept1 + gradients[i] * new1;
            squares[i] = squares[i] * kept2 + gradients[i] * gradients[i] * new2;
            weights[i] -= means[i] * rate / (MathF.Sqrt(squares[i]) * correction + epsilon);
        }
    }
}
