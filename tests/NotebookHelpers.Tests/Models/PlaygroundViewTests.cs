using static TorchSharp.torch;

namespace NotebookHelpers.Tests.Models;

[Collection(Training.TorchAlone.Name)]
public sealed class PlaygroundViewTests
{
    [Fact]
    public void SAME_is_its_padding_and_a_layer_may_stand_in_two_places()
    {
        using var relu = nn.ReLU();
        using var model = nn.Sequential(
            ("conv", nn.Conv2d(1, 4, 5, padding: TorchSharp.Padding.Same)), ("first", relu), ("pool", nn.MaxPool2d(4)), ("second", relu),
            ("flat", nn.Flatten()), ("out", nn.Linear(4 * 7 * 7, 10)));
        var html = new PlaygroundView("t", SampleDigits.Load().Test.Take(1), new PlaygroundModel("own", model)).ToHtml();
        Assert.Contains("\"padding\":2", System.Net.WebUtility.HtmlDecode(html));

        using var even = nn.Sequential(("conv", nn.Conv2d(1, 4, 4, padding: TorchSharp.Padding.Same)), ("flat", nn.Flatten()));
        Assert.Contains("'conv'", Refused(even));
    }

    [Fact]
    public void A_network_without_a_logit_for_each_class_is_refused()
    {
        using var model = nn.Sequential(("flat", nn.Flatten()), ("out", nn.Linear(784, 26)));
        Assert.Contains("10 classes", Refused(model));
        Assert.Contains("no digit", Assert.Throws<ArgumentException>(
            () => new PlaygroundModel("none", model).Rounding(SampleDigits.Load().Test.Take(0))).Message);
    }

    private static string Refused(nn.Module<Tensor, Tensor> model) => Assert.Throws<ArgumentException>(
        () => new PlaygroundView("t", SampleDigits.Load().Test.Take(1), new PlaygroundModel("own", model))).Message;

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
