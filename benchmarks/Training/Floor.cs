using System.Diagnostics;
using NotebookHelpers;
using static TorchSharp.torch;

namespace Benchmarks.Training;

/// <summary>What this machine could do at best, on the threads that torch uses, and what a training step asks of it at least.</summary>
/// <param name="MultiplyAdds">A second, in torch's product of two large matrices.</param>
/// <param name="Bytes">A second, read and written by torch's copy of a tensor that fits into no cache.</param>
internal sealed record Floor(double MultiplyAdds, double Bytes)
{
    internal static Floor Measure()
    {
        using var scope = NewDisposeScope();
        const int Side = 1024, Floats = 32 << 20;
        Tensor left = rand(Side, Side), right = rand(Side, Side), from = ones(Floats), to = zeros(Floats);
        return new Floor(
            (double)Side * Side * Side / Fastest(() => left.matmul(right)),
            2.0 * sizeof(float) * Floats / Fastest(() => to.copy_(from)));
    }

    /// <summary>Images per second that arithmetic and memory would allow.</summary>
    internal (double ByArithmetic, double ByMemory) ImagesPerSecond(int batch)
    {
        using var model = new LeNet();
        using var image = zeros(1, 1, 28, 28);
        using var trace = ModelTrace.Of(model, image);
        // Backward takes a layer's products twice, for its weights and for its input, which the first has no use for.
        var products = 3 * trace.Calls.Sum(call => call.MultiplyAccumulates) - trace.Calls[0].MultiplyAccumulates;
        // A step reads and writes each weight, its gradient and both of Adam's averages, and reads the pixels.
        var bytes = 8.0 * sizeof(float) * model.parameters().Sum(parameter => parameter.numel()) / batch + sizeof(float) * image.numel();
        return (MultiplyAdds / products, Bytes / bytes);
    }

    private static double Fastest(Action work)
    {
        var best = double.MaxValue;
        for (var turn = 0; turn < 10; turn++)
        {
            using var scope = NewDisposeScope();
            var started = Stopwatch.GetTimestamp();
            work();
            best = Math.Min(best, Stopwatch.GetElapsedTime(started).TotalSeconds);
        }
        return best;
    }
}
