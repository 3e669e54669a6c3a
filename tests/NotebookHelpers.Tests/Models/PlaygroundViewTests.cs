using static TorchSharp.torch;

namespace NotebookHelpers.Tests.Models;

[Collection(Training.TorchAlone.Name)]
public sealed class PlaygroundViewTests
{
    [Fact]
    public void A_model_that_learns_on_or_is_gone_changes_no_view()
    {
        var model = new LeNet();
        var view = new PlaygroundView("Draw", SampleDigits.Load().Test.Take(2), new PlaygroundModel("LeNet", model));
        var (svg, text) = (view.ToSvg(), view.ToText());
        using (no_grad())
            foreach (var weight in model.parameters())
                weight.mul_(-1);

        Assert.Equal((svg, text), (view.ToSvg(), view.ToText()));

        model.Dispose();
        Assert.Equal((svg, text), (view.ToSvg(), view.ToText()));
    }
}
