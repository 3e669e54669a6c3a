using System.Xml.Linq;

namespace NotebookHelpers.Tests.Learning;

public sealed class NumberGraphViewTests
{
    // y = x·x + 3x at x = 2: x is used three times, y = 10, dy/dx = 2x + 3 = 7.
    private static readonly NumberNode[] Nodes =
    [
        new("x", 2, 7, []),
        new("three", 3, 2, []),
        new("square", 4, 1, [new(0, 2), new(0, 2)]),
        new("product", 6, 1, [new(0, 3), new(1, 2)]),
        new("y", 10, 1, [new(2, 1), new(3, 1)]),
    ];

    [Fact]
    public void A_number_used_several_times_adds_up_what_it_is_handed() => Assert.Equal(
        """
        Title
        x = 2; gradient: local slope × gradient behind it: 2 × 1 + 2 × 1 + 3 × 1 = 7
        three = 3; gradient: local slope × gradient behind it: 2 × 1 = 2
        square = 4; gradient: local slope × gradient behind it: 1 × 1 = 1
        product = 6; gradient: local slope × gradient behind it: 1 × 1 = 1
        y = 10; gradient: 1, as it is the result itself
        """.ReplaceLineEndings("\n"), new NumberGraphView("Title", Nodes).ToText());

    [Fact]
    public void A_number_that_a_thousand_million_ways_lead_to_is_drawn_once()
    {
        // each number is the square of the one before
        var squares = Enumerable.Range(0, 31)
            .Select(i => new NumberNode($"n{i}", 1, 1, i == 0 ? [] : [new(i - 1, 2), new(i - 1, 2)]));

        var svg = XElement.Parse(new NumberGraphView("", squares).ToSvg());

        Assert.Equal(31, svg.Descendants().Count(element => (string?)element.Attribute("class") == "cn-node"));
    }

    [Fact]
    public void Every_edge_carries_the_value_forward_and_the_gradient_back()
    {
        var svg = XElement.Parse(new NumberGraphView("", Nodes).ToSvg());
        var edges = svg.Descendants().Where(element => (string?)element.Attribute("class") == "cn-edge")
            .Select(edge => ((string)edge.Attribute("data-from")!, (string)edge.Attribute("data-to")!,
                string.Join(' ', edge.Elements().Where(part => part.Name.LocalName == "text").Select(part => part.Value))));

        Assert.Equal(
            [("0", "2", "2 2"), ("0", "2", "2 2"), ("0", "3", "2 3"), ("1", "3", "3 2"), ("2", "4", "4 1"), ("3", "4", "6 1")], edges);
    }

    [Fact]
    public void No_two_boxes_share_a_place_and_every_edge_goes_to_the_right()
    {
        var random = new Random(1);
        for (var round = 0; round < 100; round++)
        {
            var nodes = Enumerable.Range(0, random.Next(1, 15)).Select(i => new NumberNode($"n{i}", i, 0,
                Enumerable.Range(0, i == 0 ? 0 : random.Next(0, 3)).Select(_ => new NumberEdge(random.Next(i), 1)).ToArray())).ToArray();
            var svg = XElement.Parse(new NumberGraphView("", nodes).ToSvg());
            var places = svg.Descendants().Where(element => (string?)element.Attribute("class") == "cn-node")
                .Select(node => ((string)node.Attribute("transform")!)["translate(".Length..^1])
                .Select(place => place.Split(',').Select(int.Parse).ToArray()).ToArray();

            Assert.Equal(nodes.Length, places.Select(place => (place[0], place[1])).Distinct().Count());
            for (var i = 0; i < nodes.Length; i++)
                Assert.All(nodes[i].Parts, edge => Assert.True(places[edge.From][0] < places[i][0]));
        }
    }

    [Fact]
    public void On_a_phone_every_edge_goes_down_and_no_two_boxes_touch()
    {
        // The lesson's: the squared error of a sum of two products and a number.
        NumberNode Node(params int[] from) => new("the rest", -9.25, -18, [.. from.Select(i => new NumberEdge(i, 1))]);
        NumberNode[] nodes =
            [Node(), Node(), Node(0, 1), Node(), Node(), Node(3, 4), Node(2, 5), Node(), Node(6, 7), Node(), Node(8, 9), Node(10)];
        var svg = XElement.Parse(new NumberGraphView("Title", nodes).ToTallSvg());
        var boxes = svg.Descendants().Where(element => (string?)element.Attribute("class") == "cn-node").Select(node =>
        {
            var place = ((string)node.Attribute("transform")!)["translate(".Length..^1].Split(',').Select(double.Parse).ToArray();
            var box = node.Elements().Single(part => part.Name.LocalName == "rect");
            var (width, height) = ((double)box.Attribute("width")!, (double)box.Attribute("height")!);
            return (Left: place[0], Top: place[1], Right: place[0] + width, Bottom: place[1] + height);
        }).ToArray();

        Assert.InRange((double)svg.Attribute("width")!, 200, 360);
        Assert.All(boxes, box => Assert.InRange(box.Right, box.Left, (double)svg.Attribute("width")!));
        for (var i = 0; i < nodes.Length; i++)
        {
            Assert.All(nodes[i].Parts, edge => Assert.True(boxes[edge.From].Bottom + 30 < boxes[i].Top));
            Assert.All(boxes[..i], other => Assert.True(
                other.Right < boxes[i].Left || boxes[i].Right < other.Left || other.Bottom < boxes[i].Top || boxes[i].Bottom < other.Top));
        }
    }

    [Fact]
    public void Names_that_attack_are_text()
    {
        var view = new NumberGraphView(Hostile.Text, [new NumberNode(Hostile.Text, -1, double.NaN, [])]);

        Hostile.Parse(view.ToHtml());
        XElement.Parse(view.ToSvg());
    }

    [Fact]
    public void What_is_no_computation_is_refused_in_words()
    {
        Assert.Contains("no number", Assert.Throws<ArgumentException>(() => new NumberGraphView("", [])).Message);
        Assert.Contains("only 0 numbers stand before it",
            Assert.Throws<ArgumentException>(() => new NumberGraphView("", [new NumberNode("a", 1, 1, [new(0, 1)])])).Message);
    }
}
