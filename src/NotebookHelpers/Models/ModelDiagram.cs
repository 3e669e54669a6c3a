using System.Text;
using static TorchSharp.torch;

namespace NotebookHelpers;

/// <summary>
/// A model drawn from a forward pass of it (see <see cref="ModelTrace"/>), so that the picture cannot differ from the code:
/// every call of a layer as a block to scale with its name, output shape and parameters, arrows as the values flowed.
/// What the result does not depend on is drawn dead: dashed, crossed out and said in words. The lesson of the graph draws LeNet
/// and its published bugs with it.
/// </summary>
/// <remarks>
/// Feature maps are stacks of sheets (one a channel, 16 at most), vectors are bars. The sides of all maps in a view have one
/// scale; a stack's depth and a bar's length grow with the square root of channels and values. A shape is read
/// without its first dimension, the batch: (channels, height, width), or one vector; further dimensions join the channels.
/// </remarks>
public sealed class ModelDiagram : SvgView
{
    private const int Gap = 8;
    private readonly IReadOnlyList<DiagramColumn> _columns;

    private ModelDiagram(IReadOnlyList<DiagramColumn> columns) => _columns = columns;

    /// <summary>Draws a model, in evaluation mode; it is left as it was.</summary>
    /// <param name="model">Any module from a tensor to a tensor whose parts are called by <c>call</c> (which runs hooks).</param>
    /// <param name="inputShape">The input's shape, batch first: 1, 1, 28, 28 for one digit.</param>
    /// <exception cref="ArgumentException">No shape, or the model cannot read an input of that shape.</exception>
    public static ModelDiagram Of(nn.Module<Tensor, Tensor> model, params long[] inputShape)
    {
        using var trace = ModelTrace.Of(model, inputShape);
        var counted = new HashSet<IntPtr>();
        var seen = new HashSet<nn.Module>(ReferenceEqualityComparer.Instance);
        List<DiagramBlock> blocks =
        [
            new("input", "", trace.InputShape, 0, [], BlockState.Live),
            .. trace.Calls.Select(Called),
            new("result", "", trace.Output.shape, 0, Shifted(trace.OutputSources), BlockState.Live),
        ];
        blocks.AddRange(trace.Parts.Where(part => !seen.Contains(part.Module)).Select(part => new DiagramBlock(
            part.Name, part.Module.GetType().Name, [], Count(part.Module), [],
            ModelTrace.Sees(part.Module) ? BlockState.NeverRun : BlockState.Unseen)));
        return new([new(model.GetType().Name, blocks)]);

        DiagramBlock Called(LayerTrace call) => new(
            seen.Add(call.Module) ? call.Name : $"{call.Name} (again)", call.Kind, call.OutputShape, Count(call.Module),
            Shifted(call.Sources), call.ReachesResult ? BlockState.Live : BlockState.Dead);

        // the input is the first block
        int[] Shifted(IEnumerable<int> sources) => [.. sources.Select(source => source + 1)];

        long Count(nn.Module layer) => ModelTrace.Own(layer).Where(parameter => counted.Add(parameter.Handle))
            .Sum(parameter => parameter.numel());
    }

    /// <summary>The same diagram under another heading than the model's class.</summary>
    /// <param name="title">What it shows.</param>
    public ModelDiagram Titled(string title) => new([.. _columns.Select(column => column with { Title = title })]);

    /// <summary>Diagrams side by side, or below each other where there is no room.</summary>
    /// <param name="diagrams">From left to right.</param>
    public static ModelDiagram Row(params ModelDiagram[] diagrams) => new([.. diagrams.SelectMany(diagram => diagram._columns)]);

    /// <inheritdoc />
    public override string ToHtml()
    {
        var scale = new DiagramScale(_columns);
        var drawings = _columns.Select(column => Html.Drawing(Document([column.Draw(scale)], column.ToText()), column.ToText()));
        var look = $"display:flex;flex-wrap:wrap;align-items:flex-start;gap:{Gap}px";
        return Html.View("diagram", $"<div style=\"{look}\">{string.Concat(drawings)}</div>");
    }

    /// <inheritdoc />
    public override string ToSvg()
    {
        var scale = new DiagramScale(_columns);
        return Document([.. _columns.Select(column => column.Draw(scale))], ToText());
    }

    /// <inheritdoc />
    public override string ToText() => string.Join("\n\n", _columns.Select(column => column.ToText()));

    /// <summary>Drawings side by side.</summary>
    private static string Document(IReadOnlyList<(string Content, double Width, double Height)> drawings, string description)
    {
        var content = new StringBuilder();
        var x = 0.0;
        foreach (var (drawing, width, _) in drawings)
        {
            content.Append($"<g transform=\"translate({DiagramColumn.N(x)} 0)\">{drawing}</g>");
            x += width + Gap;
        }
        var height = drawings.Select(drawing => drawing.Height).DefaultIfEmpty(1).Max();
        return SvgDocument.Of(Math.Max(1, x - Gap), height, content.ToString(), description, fontSize: 12);
    }
}
