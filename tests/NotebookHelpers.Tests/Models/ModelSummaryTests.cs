using CsCheck;
using NotebookHelpers.Tests.Training;
using static TorchSharp.torch;

namespace NotebookHelpers.Tests.Models;

[Collection(TorchAlone.Name)]
public sealed class ModelSummaryTests
{
    [Fact]
    public void The_articles_table_comes_out_of_the_real_model()
    {
        using var model = new LeNet();
        var summary = ModelSummary.Of(model, 1, 1, 28, 28);

        Assert.Equal(
            [
                ("conv1", "Conv2d", "1,12,28,28", 120, 28L * 28 * 12 * 9),
                ("pool1", "MaxPool2d", "1,12,13,13", 0, 0),
                ("conv2", "Conv2d", "1,16,13,13", 1_744, 13L * 13 * 16 * 12 * 9),
                ("pool2", "MaxPool2d", "1,16,6,6", 0, 0),
                ("flatten", "Flatten", "1,576", 0, 0),
                ("fc1", "Linear", "1,256", 147_712, 576L * 256),
                ("fc2", "Linear", "1,100", 25_700, 256L * 100),
                ("output", "Linear", "1,10", 1_010, 1_000),
            ],
            summary.Layers.Select(layer =>
                (layer.Name, layer.Kind, string.Join(",", layer.OutputShape!), layer.Parameters, layer.MultiplyAccumulates)));
        Assert.Equal(176_286, summary.Parameters);
        Assert.Contains("176,286", summary.ToText());
        Assert.Contains("(1, 12, 28, 28)", summary.ToText());
    }

    [Fact]
    public void The_published_graph_does_not_reach_fc2()
    {
        using var model = new LeNet(LeNetOptions.AsPublished);
        var fc2 = ModelSummary.Of(model, 1, 1, 28, 28).Layers.Single(layer => layer.Name == "fc2");
        Assert.Null(fc2.OutputShape);
        Assert.Equal(25_700, fc2.Parameters);
        Assert.Equal(0, fc2.MultiplyAccumulates);
    }

    [Fact]
    public void Memory_is_that_of_torchinfo_for_the_articles_network()
    {
        using var model = new LeNet();
        model.conv1.weight!.requires_grad = false;
        var summary = ModelSummary.Of(model, 1, 1, 28, 28);

        long[] outputs = [12 * 28 * 28, 12 * 13 * 13, 16 * 13 * 13, 16 * 6 * 6, 576, 256, 100, 10];
        Assert.Equal(outputs.Select(values => 4 * values), summary.Layers.Select(layer => layer.ActivationBytes));
        Assert.Equal(4 * 28 * 28, summary.InputBytes);
        Assert.Equal(2 * 4 * (9_408 + 2_704 + 256 + 100 + 10), summary.ForwardBackwardBytes);
        Assert.Equal(4 * 176_286, summary.ParameterBytes);
        Assert.Equal(summary.InputBytes + summary.ForwardBackwardBytes + summary.ParameterBytes, summary.TotalBytes);
        Assert.Equal(176_286 - 108, summary.TrainableParameters);
        Assert.Contains("176,178 trainable, 108 not", summary.ToText());
    }

    [Fact]
    public void Random_networks_are_counted_by_hand() =>
        Gen.Select(Gen.Int[1, 3], Gen.Int[1, 4], Gen.Int[1, 3], Gen.Int[1, 2], Gen.Int[0, 2], Gen.Int[5, 12], Gen.Bool).Sample(
            (batch, filters, kernel, stride, padding, side, bias) =>
            {
                using var scope = NewDisposeScope();
                var conv = nn.Conv2d(2, filters, kernel, stride: stride, padding: (long)padding, bias: bias);
                var places = (side + 2 * padding - kernel) / stride + 1;
                var fc = nn.Linear(places * places * filters, 5, hasBias: bias);
                using var model = nn.Sequential(("conv", conv), ("act", nn.Tanh()), ("flatten", nn.Flatten()), ("fc", fc));
                var summary = ModelSummary.Of(model, batch, 2, side, side);
                using var maps = conv.call(zeros(batch, 2, side, side));

                Assert.Equal(4 * maps.numel(), summary.Layers[0].ActivationBytes);
                Assert.Equal(maps.numel() * kernel * kernel * 2, summary.Layers[0].MultiplyAccumulates);
                Assert.Equal((kernel * kernel * 2 + (bias ? 1 : 0)) * filters, summary.Layers[0].Parameters);
                Assert.Equal(4 * (3 * maps.numel() + 5 * batch), summary.ActivationBytes);
                Assert.Equal(maps.numel() * (kernel * kernel * 2 + 5), summary.MultiplyAccumulates);
                Assert.Equal(model.parameters().Sum(parameter => parameter.numel()), summary.Parameters);
            }, iter: 50, threads: 1);

    [Fact]
    public void Nested_shared_and_transposed_layers_are_counted_right()
    {
        var shared = nn.Linear(8, 8);
        using var model = nn.Sequential(
            ("stem", nn.Sequential(("conv", nn.Conv2d(3, 8, 3, stride: 2, groups: 1, bias: false)), ("relu", nn.ReLU()))),
            ("up", nn.ConvTranspose2d(8, 4, 2, stride: 2)),
            ("pool", nn.AdaptiveAvgPool2d(1)),
            ("flatten", nn.Flatten()),
            ("widen", nn.Linear(4, 8)),
            ("first", shared),
            ("again", shared));
        var summary = ModelSummary.Of(model, 2, 3, 9, 9);

        Assert.Equal(["stem.conv", "stem.relu", "up", "pool", "flatten", "widen", "first"], summary.Layers.Select(layer => layer.Name));
        Assert.Equal(3 * 3 * 3 * 8, summary.Layers[0].Parameters);
        Assert.Equal(2L * 4 * 4 * 8 * 27, summary.Layers[0].MultiplyAccumulates);
        Assert.Equal(2L * 4 * 4 * 8 * (4 * 2 * 2), summary.Layers[2].MultiplyAccumulates);
        Assert.Equal(72, summary.Layers[^1].Parameters);
        Assert.Equal(model.parameters().Sum(parameter => parameter.numel()), summary.Parameters);
        Assert.Equal(2L * 2 * 64, summary.Layers[^1].MultiplyAccumulates);   // called twice
    }

    [Fact]
    public void Tracing_leaves_the_model_as_it_was()
    {
        using var scope = NewDisposeScope();
        using var model = new LeNet(new LeNetOptions { BatchNormalization = true, Dropout = 0.5 });
        model.train();
        model.conv1.eval();
        var mean = model.state_dict()["norm1.running_mean"].clone();
        ModelSummary.Of(model, 1, 1, 28, 28);
        Assert.Throws<ArgumentException>(() => ModelSummary.Of(model, 1, 3, 28, 28));

        Assert.True(model.training);
        Assert.False(model.conv1.training);
        Assert.True(model.fc1.training);
        Assert.True(mean.allclose(model.state_dict()["norm1.running_mean"]));
        var before = TorchSharp.DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount;
        ModelSummary.Of(model, 1, 1, 28, 28);
        Assert.Equal(before, TorchSharp.DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void A_wrong_input_shape_is_named()
    {
        using var model = nn.Sequential(("fc", nn.Linear(4, 2)));
        Assert.Contains("(1, 5)", Assert.Throws<ArgumentException>(() => ModelSummary.Of(model, 1, 5)).Message);
        Assert.Throws<ArgumentException>(() => ModelSummary.Of(model));
        Assert.Throws<ArgumentException>(() => ModelSummary.Of(model, 0, 4));
    }

    [Fact]
    public void A_model_of_one_layer_is_its_own_layer()
    {
        using var model = nn.Linear(4, 2);
        var layer = Assert.Single(ModelSummary.Of(model, 1, 4).Layers);
        Assert.Equal(("Linear", 10L, 8L), (layer.Name, layer.Parameters, layer.MultiplyAccumulates));
    }
}
