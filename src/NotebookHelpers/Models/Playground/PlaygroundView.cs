using System.Buffers.Text;
using static TorchSharp.torch;

namespace NotebookHelpers;

/// <summary>
/// A trained network that lives in the page: the reader draws a digit, every layer's maps follow, and any value tells the sum it
/// came from. The forward pass is plain JavaScript over the network's own weights. Without script, and in the SVG, one digit is
/// shown with what the network says of it. Lesson "Inside the network".
/// </summary>
/// <remarks>
/// The weights of large layers are rounded to <see cref="PlaygroundModel.Bits"/> bits, each output's by a scale of its own: with 10
/// bits, LeNet's 176,286 weights take 300 kB and the logits differ from torch's by less than a thousandth of their scale.
/// <see cref="PlaygroundModel.Rounding"/> measures it.
/// </remarks>
public sealed class PlaygroundView : SvgView
{
    private readonly string _title;
    private readonly string _first;
    private readonly DigitSet _examples;
    private readonly object _data;
    private readonly double[] _logits;

    /// <summary>A playground of one or several networks for digits of 28×28.</summary>
    /// <param name="title">What it shows.</param>
    /// <param name="examples">Digits to try: those that the reader may take instead of drawing; 28×28, at least one.</param>
    /// <param name="models">The networks, which are computed as in evaluation whatever their mode. The first one is shown first.</param>
    /// <exception cref="ArgumentException">
    /// There is no network or no digit, the digits are not 28×28, a layer is not known, or the network has not one logit for each class.
    /// </exception>
    public PlaygroundView(string title, DigitSet examples, params IReadOnlyList<PlaygroundModel> models)
    {
        ArgumentNullException.ThrowIfNull(examples);
        if (models.Count == 0)
            throw new ArgumentException("There is no network. Give a trained one.", nameof(models));
        if (examples.Count == 0 || examples.Height != 28 || examples.Width != 28)
            throw new ArgumentException(
                $"Digits of 28×28 to try were expected; found {examples.Count} of {examples.Height}×{examples.Width}.", nameof(examples));
        (_title, _examples, _first) = (title ?? "", examples, models[0].Name);
        _data = Describe(models);
        _logits = Logits(models[0].Model);
        if (_logits.Length != examples.Classes.Count)
            throw new ArgumentException(
                $"The digits have {examples.Classes.Count} classes, so as many logits were expected; the network '{_first}' puts out "
                + $"{_logits.Length}.", nameof(models));
    }

    /// <inheritdoc />
    public override string ToHtml() =>
        Html.View("playground", Html.Drawing(ToSvg(), ToText()), "data-lm-suppress-shortcuts=\"true\"", _data, "PlaygroundView.js");

    /// <inheritdoc />
    public override string ToSvg() => new SoftmaxView(_logits, _examples.Classes, ToText()).ToSvg();

    /// <inheritdoc />
    public override string ToText()
    {
        var read = _examples.Classes[Array.IndexOf(_logits, _logits.Max())];
        return $"{_title}: {_first} reads the first digit, a {_examples.Classes[_examples.Label(0)]}, as {read}";
    }

    // Once, as the weights are copied once: a model that learns on changes no view.
    private double[] Logits(nn.Module<Tensor, Tensor> model)
    {
        using var scope = NewDisposeScope();
        using var evaluation = ModuleMode.Eval(model);
        using var gradients = no_grad();
        var image = tensor(Array.ConvertAll(_examples.Pixels(0), pixel => pixel / 255f)).reshape(1, 1, 28, 28);
        return [.. model.call(image.to(ModuleMode.DeviceOf(model))).to(ScalarType.Float64).cpu().data<double>()];
    }

    private object Describe(IReadOnlyList<PlaygroundModel> models) => new
    {
        title = _title,
        models = models.Select(model => new
        {
            name = model.Name,
            layers = PlaygroundLayers.Of(model.Model)
                .Select(layer => PlaygroundLayers.Describe(layer.Name, layer.Layer, model.Bits)).ToArray(),
        }).ToArray(),
        examples = Enumerable.Range(0, _examples.Count).Select(i => Base64Url.EncodeToString(_examples.Pixels(i))).ToArray(),
        labels = Enumerable.Range(0, _examples.Count).Select(i => _examples.Classes[_examples.Label(i)]).ToArray(),
        classes = _examples.Classes,
        style = Html.Embedded("PlaygroundView.css"),
    };
}
