using System.Xml.Linq;
using NotebookHelpers.Tests.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NotebookHelpers.Tests.Models;

[Collection(TorchAlone.Name)]
public sealed class ModelDiagramTests
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    private sealed class Wasteful : nn.Module<Tensor, Tensor>
    {
        internal readonly Linear used = nn.Linear(4, 3), unread = nn.Linear(3, 7), tail = nn.Linear(3, 2);

        internal Wasteful() : base(nameof(Wasteful)) => RegisterComponents();

        public override Tensor forward(Tensor input)
        {
            var x = used.call(input);
            unread.call(x);
            return tail.call(x);
        }
    }

    [Fact]
    public void A_layer_that_nothing_reads_is_drawn_dead_and_the_others_are_not()
    {
        using var model = new Wasteful();
        var diagram = ModelDiagram.Of(model, 1, 4);

        Assert.Equal(
            """
            Wasteful
            input, 4
            used Linear, 3, 15 parameters
            unread Linear, 7, 28 parameters, dead: the result ignores it
            tail Linear, 2, 8 parameters, reads used
            result, 2
            """.ReplaceLineEndings("\n"), diagram.ToText());
        var dead = XElement.Parse(diagram.ToSvg()).Descendants(Svg + "rect").Where(rect => rect.Attribute("stroke-dasharray") is not null);
        Assert.Single(dead);
        Assert.DoesNotContain("dead", ModelDiagram.Of(new LeNet(), 1, 1, 28, 28).ToText());
    }

    [Fact]
    public void A_layer_that_is_never_run_is_drawn_dead_too()
    {
        using var model = new LeNet(LeNetOptions.AsPublished);
        Assert.EndsWith("\nfc2 Linear, 25,700 parameters, dead: never run", ModelDiagram.Of(model, 1, 1, 28, 28).ToText());
    }

    [Fact]
    public void Blocks_are_to_scale()
    {
        using var model = nn.Sequential(
            ("pool", nn.MaxPool2d(2)), ("conv", nn.Conv2d(1, 4, 3)), ("flatten", nn.Flatten()), ("fc", nn.Linear(4 * 10 * 10, 100)));
        var blocks = XElement.Parse(ModelDiagram.Of(model, 1, 1, 24, 24).ToSvg()).Descendants(Svg + "rect").Skip(1)
            .Select(rect => ((double)rect.Attribute("width")!, (double)rect.Attribute("height")!)).ToList();

        // input, pool, conv (four sheets), then the bars of 400, 100 and 100 values: half as long for a quarter of the values
        Assert.Equal([(60, 60), (30, 30), (25, 25), (25, 25), (25, 25), (25, 25), (110, 14), (55, 14), (55, 14)], blocks);
    }

    private sealed class Constant() : nn.Module<Tensor, Tensor>(nameof(Constant))
    {
        public override Tensor forward(Tensor input) => ones(1, 2);
    }

    [Fact]
    public void A_result_that_depends_on_nothing_has_no_arrow()
    {
        using var model = nn.Sequential(("fc", nn.Linear(3, 4)), ("constant", new Constant()));
        var diagram = ModelDiagram.Of(model, 1, 3);

        Assert.Contains("fc Linear, 4, 16 parameters", diagram.ToText());
        XElement.Parse(diagram.ToSvg());
        XElement.Parse(ModelDiagram.Of(new Constant(), 1, 3).ToSvg());
    }

    [Fact]
    public void Any_shape_and_name_can_be_drawn()
    {
        using var model = nn.Sequential(
            ("a<b>&\"", nn.Conv3d(1, 200, 1)), ("inner", nn.Sequential(("r", nn.ReLU()), ("f", nn.Flatten(0)))));
        var diagram = ModelDiagram.Of(model, 1, 1, 2, 300, 4);

        Assert.Equal(
            [
                "Sequential",
                "input, 1×2×300×4",
                "a<b>&\" Conv3d, 200×2×300×4, 400 parameters",
                "inner.r ReLU, 200×2×300×4",
                "inner.f Flatten, 1",
                "result, 1",
            ],
            diagram.ToText().Split('\n'));
        Assert.All(
            XElement.Parse(diagram.ToSvg()).Descendants(Svg + "rect").Skip(1),
            rect => Assert.InRange((double)rect.Attribute("width")!, 3, 110));
        Assert.Equal(2, ModelDiagram.Row(diagram, diagram.Titled("Other")).ToHtml().Split("<img").Length - 1);
        Assert.Contains("Other", ModelDiagram.Row(diagram, diagram.Titled("Other")).ToSvg());
        Assert.Throws<ArgumentException>(() => ModelDiagram.Of(model, 1, 5));
    }
}
