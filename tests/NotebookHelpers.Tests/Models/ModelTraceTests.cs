using NotebookHelpers.Tests.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NotebookHelpers.Tests.Models;

[Collection(TorchAlone.Name)]
public sealed class ModelTraceTests
{
    /// <summary>
    /// A reader's own network: a branch around a layer, a layer that is run for nothing, one that is never run, one that is run twice.
    /// </summary>
    private sealed class Branches : nn.Module<Tensor, Tensor>
    {
        internal readonly Linear stem = nn.Linear(6, 4), around = nn.Linear(4, 4), twice = nn.Linear(4, 4);
        internal readonly Linear idle = nn.Linear(4, 4), wasted = nn.Linear(4, 9), head = nn.Linear(4, 2);
        internal readonly ReLU inPlace = nn.ReLU(inplace: true);

        internal Branches() : base(nameof(Branches)) => RegisterComponents();

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            var x = stem.call(input);
            x = inPlace.call(x) + around.call(x);
            wasted.call(nn.functional.selu(x));
            return head.call(twice.call(nn.functional.selu(twice.call(x)))).MoveToOuterDisposeScope();
        }
    }

    [Fact]
    public void Branches_dead_layers_and_repeated_calls_are_told_from_the_graph()
    {
        using var model = new Branches();
        using var input = randn(3, 6);
        using var trace = ModelTrace.Of(model, input);

        Assert.Equal(
            [
                ("stem", "-1", true), ("inPlace", "0", true), ("around", "0", true), ("wasted", "1 2", false),
                ("twice", "1 2", true), ("twice", "4", true), ("head", "5", true),
            ],
            trace.Calls.Select(call => (call.Name, string.Join(" ", call.Sources), call.ReachesResult)));
        Assert.Equal([6], trace.OutputSources);
        var summary = ModelSummary.Of(model, 3, 6);
        Assert.Equal(["idle", "wasted"], summary.Layers.Where(layer => !layer.ReachesResult).Select(layer => layer.Name));
        Assert.Null(summary.Layers.Single(layer => layer.Name == "idle").OutputShape);
        Assert.Equal(2L * 3 * 16, summary.Layers.Single(layer => layer.Name == "twice").MultiplyAccumulates);
    }

    [Fact]
    public void What_is_dead_gets_no_gradient_and_what_is_not_does()
    {
        using var model = new Branches();
        using var input = randn(3, 6);
        using var result = model.call(input).sum();
        result.backward();
        using var trace = ModelTrace.Of(model, input);

        foreach (var (name, layer) in model.named_children().Where(child => child.module is Linear))
            Assert.Equal(((Linear)layer).weight.grad is not null, trace.Calls.Any(call => call.Name == name && call.ReachesResult));
    }

    [Fact]
    public void Outputs_are_those_of_the_layers()
    {
        using var scope = NewDisposeScope();
        using var model = new LeNet();
        var input = rand(2, 1, 28, 28);
        using var trace = ModelTrace.Of(model, input);
        using var untracked = no_grad();
        var conv1 = model.conv1.call(input);
        var conv2 = model.conv2.call(model.pool1.call(conv1));
        var fc1 = model.fc1.call(model.flatten.call(model.pool2.call(conv2)));

        // The model lays its maps out as torch computes them fastest, so sums may round differently in the last digit.
        Assert.True(conv1.allclose(trace.Calls[0].Output, atol: 1e-6));
        Assert.True(conv2.allclose(trace.Calls[2].Output, atol: 1e-6));
        Assert.True(fc1.allclose(trace.Calls[5].Output, atol: 1e-6));   // before SELU, which is no layer of its own here
        Assert.True(model.call(input).allclose(trace.Output, atol: 1e-6));
        Assert.All(trace.Calls, call => Assert.False(call.Output.requires_grad));
        Assert.All(model.parameters(), parameter => Assert.Null(parameter.grad));
    }

    [Fact]
    public void An_output_changed_in_place_afterwards_is_kept_as_it_was()
    {
        using var model = nn.Sequential(("fc", nn.Linear(3, 3)), ("relu", nn.ReLU(inplace: true)));
        using var input = full(1, 3, -1f);
        foreach (var parameter in model.parameters())
            nn.init.ones_(parameter);
        using var trace = ModelTrace.Of(model, input);

        Assert.Equal([-2f, -2f, -2f], trace.Calls[0].Output.data<float>().ToArray());
        Assert.Equal([0f, 0f, 0f], trace.Output.data<float>().ToArray());
    }

    [Fact]
    public void Frozen_models_and_those_called_without_gradients_are_traced_too()
    {
        using var model = new Branches();
        foreach (var parameter in model.parameters())
            parameter.requires_grad = false;
        using var input = randn(1, 6);
        using var untracked = no_grad();
        using var trace = ModelTrace.Of(model, input);

        Assert.Equal("wasted", Assert.Single(trace.Calls, call => !call.ReachesResult).Name);
        Assert.Equal(0, ModelSummary.Of(model, 1, 6).TrainableParameters);
        Assert.False(is_grad_enabled());
    }

    [Fact]
    public void Integer_inputs_and_layers_of_two_inputs_are_traced()
    {
        using var model = new Pairs();
        using var input = tensor(new long[] { 1, 2 });
        using var trace = ModelTrace.Of(model, input);

        Assert.Equal(
            [("embed", "-1"), ("fc", "0"), ("pair", "0 1")],
            trace.Calls.Select(call => (call.Name, string.Join(" ", call.Sources))));
        Assert.All(trace.Calls, call => Assert.True(call.ReachesResult));
    }

    private sealed class Pairs : nn.Module<Tensor, Tensor>
    {
        internal readonly Embedding embed = nn.Embedding(5, 4);
        internal readonly Linear fc = nn.Linear(4, 3);
        internal readonly Bilinear pair = nn.Bilinear(4, 3, 2);

        internal Pairs() : base(nameof(Pairs)) => RegisterComponents();

        public override Tensor forward(Tensor input)
        {
            var x = embed.call(input);
            return pair.call(x, fc.call(x));
        }
    }

    [Fact]
    public void Nothing_is_left_behind()
    {
        using var model = new Branches();
        using var input = randn(3, 6);
        ModelTrace.Of(model, input).Dispose();
        var before = TorchSharp.DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount;
        ModelTrace.Of(model, input).Dispose();
        Assert.Equal(before, TorchSharp.DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount);
        using var wrong = randn(3, 7);
        Assert.Contains("(3, 7)", Assert.Throws<ArgumentException>(() => ModelTrace.Of(model, wrong)).Message);
    }
}
