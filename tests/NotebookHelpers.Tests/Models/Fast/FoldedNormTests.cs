using NotebookHelpers.Tests.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NotebookHelpers.Tests.Models.Fast;

[Collection(TorchAlone.Name)]
public sealed class FoldedNormTests
{
    [Theory, InlineData(true, 1, 5), InlineData(true, 1, 3), InlineData(false, 1, 3), InlineData(false, 16, 3), InlineData(true, 16, 3)]
    public void A_normalisation_between_convolution_and_pooling_gives_what_its_layer_gives(bool training, int channels, int kernel)
    {
        using var scope = NewDisposeScope();
        manual_seed(kernel + channels);
        var ours = Layers();
        var theirs = Layers();
        using (no_grad())
            ours.norm.weight!.copy_(linspace(-1, 2, 6));   // falling lines too
        Copy(ours.convolution, theirs.convolution);
        Copy(ours.norm, theirs.norm);
        foreach (var step in Enumerable.Range(0, 3))
        {
            var images = rand(7, channels, 11, 12) * (step + 1);
            var expected = theirs.pooling.call(theirs.norm.call(theirs.convolution.call(images)));
            var found = FastLayers.Run(images, ScalarType.Float32, ours.convolution, ours.norm, ours.pooling);
            var pull = randn(expected.shape);
            expected.backward([pull]);
            found.backward([pull]);
            AssertClose(expected, found);
        }
        AssertClose(theirs.convolution.weight.grad!, ours.convolution.weight.grad!);
        AssertClose(theirs.norm.weight!.grad!, ours.norm.weight!.grad!);
        AssertClose(theirs.norm.bias!.grad!, ours.norm.bias!.grad!);
        AssertClose(theirs.norm.running_mean!, ours.norm.running_mean!);
        AssertClose(theirs.norm.running_var!, ours.norm.running_var!);
        Assert.Equal(training ? 3 : 0, ours.norm.num_batches_tracked!.item<long>());

        (Conv2d convolution, BatchNorm2d norm, MaxPool2d pooling) Layers()
        {
            var norm = nn.BatchNorm2d(6);
            norm.train(training);
            return (nn.Conv2d(channels, 6, kernel, padding: (long)kernel / 2), norm, nn.MaxPool2d(3, stride: 2));
        }
    }

    private static void Copy(nn.Module from, nn.Module to) => to.load_state_dict(from.state_dict());

    private static void AssertClose(Tensor expected, Tensor found) =>
        Assert.True(expected.allclose(found, 1e-4, 1e-4), $"off by {(expected - found).abs().max().item<float>()}");
}
