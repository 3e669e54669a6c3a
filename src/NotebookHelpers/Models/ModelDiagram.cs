using System.Globalization;
using System.Text;
using static TorchSharp.torch;

namespace NotebookHelpers;

/// <summary>
/// A model drawn from a forward pass of it (see <see cref="ModelTrace"/>), so that the picture cannot differ from the code:
/// every call of a layer as a block to scale with its name, output shape and parameters, arrows as the values flowed.
/// What the result does not depend on is drawn dead: dashed, crossed out and said in words.
/// </summary>
/// <remarks>
/// Feature maps are stacks of sheets (one a channel, 16 at most), vectors are bars. The sides of all maps in a view have one
/// scale; a stack's depth and a bar's length grow with the square root of channels and values. A shape is read
/// without its first dimension, the batch: (channels, height, width), or one vector; further dimensions join the channels.
/// </remarks>
public sealed class ModelDiagram : SvgView
{
    private const int LargestSide = 60, LargestDepth = 42, LongestBar = 110, LaneWidth = 11, Words = 210;
    private readonly IReadOnlyList<Drawing> _drawings;

    private ModelDiagram(IReadOnlyList<Drawing> drawings) => _drawings = drawings;

    /// <summary>Draws a model, in evaluation mode; it is left as it was.</summary>
    /// <param name="model">Any module from a tensor to a tensor whose parts are called by <c>call</c> (which runs hooks).</param>
    /// <param name="inputShape">The input's shape, batch first: 1, 1, 28, 28 for one digit.</param>
    /// <exception cref="ArgumentException">No shape, or the model cannot read an input of that shape.</exception>
    public static ModelDiagram Of(nn.Module<Tensor, Tensor> model, params long[] inputShape)
    {
        using var trace = ModelTrace.Of(model, inputShape);
        var blocks = new List<Block> { new("input", "", trace.InputShape, 0, [], State.Live) };
        var (counted, seen) = (new HashSet<IntPtr>(), new HashSet<nn.Module>(ReferenceEqualityComparer.Instance));
        foreach (var call in trace.Calls)
            blocks.Add(new(seen.Add(call.Module) ? call.Name : $"{call.Name} (again)", call.Kind, call.OutputShape, Count(call.Module),
                [.. call.Sources.Select(source => source + 1)], call.ReachesResult ? State.Live : State.Dead));
        blocks.Add(new("result", "", trace.Output.shape, 0, [.. trace.OutputSources.Select(source => source + 1)], State.Live));
        blocks.AddRange(trace.Parts.Where(part => !seen.Contains(part.Module))
            .Select(part => new Block(part.Name, part.Module.GetType().Name, [], Count(part.Module), [], ModelTrace.Sees(part.Module) ? State.NeverRun : State.Unseen)));
        return new([new(model.GetType().Name, blocks)]);

        long Count(nn.Module layer) => ModelTrace.Own(layer).Where(parameter => counted.Add(parameter.Handle)).Sum(parameter => parameter.numel());
    }

    /// <summary>The same diagram under another heading than the model's class.</summary>
    /// <param name="title">What it shows.</param>
    public ModelDiagram Titled(string title) => new([.. _drawings.Select(drawing => drawing with { Title = title })]);

    /// <summary>Diagrams side by side, or below each other where there is no room.</summary>
    /// <param name="diagrams">From left to right.</param>
    public static ModelDiagram Row(params ModelDiagram[] diagrams) => new([.. diagrams.SelectMany(diagram => diagram._drawings)]);

    /// <inheritdoc />
    public override string ToHtml() =>
        $"<div style=\"{Html.Card};display:flex;flex-wrap:wrap;align-items:flex-start;gap:8px;padding:6px;max-width:100%;width:fit-content;box-sizing:border-box\">{string.Concat(_drawings.Select(drawing =>
            Html.Image(Mime.Svg, Encoding.UTF8.GetBytes(Document(Draw(drawing), drawing.ToText())), drawing.ToText(), "style=\"max-width:100%;height:auto\"")))}</div>";

    /// <inheritdoc />
    public override string ToSvg()
    {
        var x = 0.0;
        var parts = _drawings.Select(Draw).ToList();
        var all = new StringBuilder();
        foreach (var (content, width, _) in parts)
        {
            all.Append($"<g transform=\"translate({N(x)} 0)\">{content}</g>");
            x += width + 8;
        }
        return Document((all.ToString(), Math.Max(1, x - 8), parts.Select(part => part.Height).DefaultIfEmpty(1).Max()), ToText());
    }

    /// <inheritdoc />
    public override string ToText() => string.Join("\n\n", _drawings.Select(drawing => drawing.ToText()));

    private static string Document((string Content, double Width, double Height) drawing, string description) =>
        $"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{N(drawing.Width)}\" height=\"{N(drawing.Height)}\" viewBox=\"0 0 {N(drawing.Width)} {N(drawing.Height)}\" font-family=\"system-ui,sans-serif\" font-size=\"12\" fill=\"#1a1a1a\" role=\"img\"><title>{Html.Encode(description)}</title><rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>{drawing.Content}</svg>";

    private (string Content, double Width, double Height) Draw(Drawing drawing)
    {
        var (blocks, all) = (drawing.Blocks, _drawings.SelectMany(other => other.Blocks).ToList());
        var sheets = all.Where(block => block.IsMaps).ToList();
        var side = LargestSide / (double)sheets.SelectMany(block => new[] { block.Height, block.Width }).DefaultIfEmpty(1).Max();
        var depth = LargestDepth / Math.Sqrt(sheets.Select(block => block.Channels).DefaultIfEmpty(1).Max());
        var bar = LongestBar / Math.Sqrt(all.Where(block => !block.IsMaps).Select(block => block.Channels).DefaultIfEmpty(1).Max());

        // An arrow between neighbours goes straight down; any other goes round on the left, in a lane of its own.
        var lanes = new List<List<(int From, int To)>>();
        var arrows = blocks.SelectMany((block, to) => block.Sources.Select(from => (From: from, To: to))).OrderBy(arrow => arrow.To - arrow.From)
            .Select(arrow => (arrow.From, arrow.To, Lane: arrow.To == arrow.From + 1 ? -1 : Lane(arrow.From, arrow.To))).ToList();
        var left = 16 + arrows.Select(arrow => arrow.Lane + 1).DefaultIfEmpty(0).Max() * LaneWidth;
        var middle = left + LongestBar / 2.0;
        var text = left + LongestBar + 12;

        var svg = new StringBuilder($"<text x=\"12\" y=\"22\" font-size=\"15\" font-weight=\"bold\">{Html.Encode(drawing.Title)}</text>");
        var (tops, bottoms) = (new double[blocks.Count], new double[blocks.Count]);
        var y = 38.0;
        for (var i = 0; i < blocks.Count; i++)
        {
            var block = blocks[i];
            var dashes = block.State is State.Dead or State.NeverRun ? " stroke-dasharray=\"3 2\"" : "";
            var look = $"fill=\"{(dashes.Length > 0 ? "#fff" : block.Parameters > 0 ? "#9ecae9" : "#ececec")}\" stroke=\"{(dashes.Length > 0 ? "#777" : "#1f4e79")}\"{dashes}";
            string[] lines = [.. new[] { block.Size, block.Weights, block.Note }.Where(line => line.Length > 0)];
            var (w, h) = block.IsMaps ? (Math.Max(3, block.Width * side), Math.Max(3, block.Height * side))
                : (block.Shape.Length == 0 ? 24 : Math.Max(3, Math.Sqrt(block.Channels) * bar), 14);
            var offset = block.IsMaps && block.Channels > 1 ? Math.Max(3, Math.Sqrt(block.Channels) * depth) : 0;
            var (width, height) = (w + offset, h + offset / 2);
            var row = Math.Max(height + 26, (lines.Length + 1) * 15 + 12);
            y += (row - height) / 2;
            tops[i] = y;
            var count = block.IsMaps ? (int)Math.Min(block.Channels, 16) : 1;
            for (var sheet = 0; sheet < count; sheet++)
            {
                var behind = count == 1 ? 0 : 1 - sheet / (count - 1.0);
                svg.Append($"<rect x=\"{N(middle - width / 2 + behind * offset)}\" y=\"{N(y + (1 - behind) * offset / 2)}\" width=\"{N(w)}\" height=\"{N(h)}\" {look}/>");
            }
            bottoms[i] = y + height;
            if (dashes.Length > 0)
                svg.Append($"<path d=\"M{N(middle - width / 2 - 4)},{N(y - 3)}L{N(middle + width / 2 + 4)},{N(y + height + 3)}M{N(middle - width / 2 - 4)},{N(y + height + 3)}L{N(middle + width / 2 + 4)},{N(y - 3)}\" stroke=\"#b00020\" stroke-width=\"1.5\"/>");

            var line = y + height / 2 - lines.Length * 7.5 + 4;
            svg.Append($"<text x=\"{N(text)}\" y=\"{N(line)}\"><tspan font-weight=\"bold\">{Html.Encode(Short(block.Name, 20))}</tspan> <tspan fill=\"#555\">{Html.Encode(Short(block.Kind, 18))}</tspan></text>");
            foreach (var words in lines)
                svg.Append($"<text x=\"{N(text)}\" y=\"{N(line += 15)}\"{(words == block.Note ? " fill=\"#b00020\" font-weight=\"bold\"" : "")}>{Html.Encode(words)}</text>");
            y += (row + height) / 2;
        }

        foreach (var (from, to, lane) in arrows)
        {
            var (start, end) = (bottoms[from] + 2, tops[to] - 3);
            var x = left - 6 - lane * LaneWidth;
            var path = lane < 0
                ? $"M{N(middle)},{N(start)}V{N(end)}"
                : $"M{N(middle - 8)},{N(start)}v4H{N(x + 5)}q-5,0 -5,5V{N(end - 12)}q0,5 5,5H{N(middle - 8)}V{N(end)}";
            var (endX, dead) = (lane < 0 ? middle : middle - 8, blocks[to].State == State.Dead);
            svg.Append($"<path d=\"{path}\" fill=\"none\" stroke=\"{(dead ? "#999" : "#1a1a1a")}\"{(dead ? " stroke-dasharray=\"3 2\"" : "")}/><path d=\"M{N(endX)},{N(end + 1)}l-3.5,-6h7z\" fill=\"{(dead ? "#999" : "#1a1a1a")}\"/>");
        }

        string[] notes = ["blue: with parameters; grey: without. Maps to one", "scale; depth and bars by the square root of channels", "and values. Batch left out."];
        foreach (var note in notes)
            svg.Append($"<text x=\"12\" y=\"{N(y += 14)}\" font-size=\"11\" fill=\"#555\">{note}</text>");
        return (svg.ToString(), text + Words, y + 10);

        int Lane(int from, int to)
        {
            var free = lanes.FindIndex(lane => lane.TrueForAll(taken => taken.To <= from || taken.From >= to));
            if (free < 0)
            {
                free = lanes.Count;
                lanes.Add([]);
            }
            lanes[free].Add((from, to));
            return free;
        }
    }

    private static string Short(string text, int length) => text.Length <= length ? text : "…" + text[^(length - 1)..];

    private static string N(double value) => value.ToString("0.#", CultureInfo.InvariantCulture);

    private enum State { Live, Dead, NeverRun, Unseen }

    private sealed record Drawing(string Title, IReadOnlyList<Block> Blocks)
    {
        internal string ToText() => string.Join('\n', Blocks.Select((block, index) => string.Join(", ", new[]
        {
            $"{block.Name} {block.Kind}".TrimEnd(), block.Size, block.Weights,
            block.Sources.Count == 0 || (block.Sources is [var only] && only == index - 1) ? "" : $"reads {string.Join(" and ", block.Sources.Select(source => Blocks[source].Name))}",
            block.Note,
        }.Where(part => part.Length > 0))).Prepend(Title));
    }

    private sealed record Block(string Name, string Kind, long[] Shape, long Parameters, IReadOnlyList<int> Sources, State State)
    {
        internal bool IsMaps => Shape.Length > 2;

        internal long Channels => Shape.Skip(1).SkipLast(IsMaps ? 2 : 0).Aggregate(1L, (product, size) => product * size);

        internal long Height => Shape[^2];

        internal long Width => Shape[^1];

        internal string Size => Shape.Length == 0 ? "" : Shape.Length == 1 ? "1" : string.Join("×", Shape.Skip(1).Select(size => size.ToString("#,0", CultureInfo.InvariantCulture)));

        internal string Weights => Parameters == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"{Parameters:#,0} parameters");

        internal string Note => State switch
        {
            State.Dead => "dead: the result ignores it",
            State.NeverRun => "dead: never run",
            State.Unseen => "not traced",
            _ => "",
        };
    }
}
