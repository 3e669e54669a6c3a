using System.Globalization;
using System.Text;
using static TorchSharp.torch;

namespace NotebookHelpers;

/// <summary>
/// From logits to probabilities, each term shown: every logit z, its power e^z, the powers' sum, and the quotient. The
/// reader moves the logits. Without script, and in the SVG and the text, the logits given are shown.
/// </summary>
/// <remarks>
/// Of more than 20 logits the 20 largest are shown, and the others in one row. When a power would be too large for a
/// 64-bit number, the largest logit is first taken from each, as libraries always do; the quotients stay as they are.
/// </remarks>
public sealed class SoftmaxView : SvgView
{
    private const int MostRows = 20, LargestExponent = 700;
    private readonly string _title;
    private readonly Row[] _rows; // the last one may stand for all that are not shown
    private readonly double _shift, _sum;

    /// <summary>A view of the softmax of some logits.</summary>
    /// <param name="logits">Any finite numbers, one a class.</param>
    /// <param name="names">The classes' names, as many; 0, 1, 2 … when not given.</param>
    /// <param name="title">What it shows.</param>
    /// <exception cref="ArgumentException">There are no logits, one is not finite, or the names are not as many.</exception>
    public SoftmaxView(IReadOnlyList<double> logits, IReadOnlyList<string>? names = null, string? title = null)
    {
        ArgumentNullException.ThrowIfNull(logits);
        if (logits.Count == 0)
            throw new ArgumentException("There are no logits. Give one a class.", nameof(logits));
        if (logits.ToList().FindIndex(logit => !double.IsFinite(logit)) is >= 0 and var wrong)
            throw new ArgumentException($"Logit {wrong} is {logits[wrong].ToString(CultureInfo.InvariantCulture)}; softmax is shown for finite numbers. Look at what made it.", nameof(logits));
        if (names is not null && names.Count != logits.Count)
            throw new ArgumentException($"There are {logits.Count} logits, but {names.Count} names. Give every logit one.", nameof(names));

        _title = title ?? "";
        _shift = logits.Max(Math.Abs) > LargestExponent ? logits.Max() : 0;
        var all = logits.Select((logit, index) => new Row(names?[index] ?? index.ToString(CultureInfo.InvariantCulture), logit, Math.Exp(logit - _shift))).ToArray();
        var shown = Enumerable.Range(0, all.Length).OrderByDescending(index => all[index].Logit).Take(MostRows).Order().ToArray();
        _rows = [.. shown.Select(index => all[index]), .. all.Length > MostRows ? [Others([.. Enumerable.Range(0, all.Length).Except(shown).Select(index => all[index])])] : (Row[])[]];
        _sum = _rows.Sum(row => row.Power);

        static Row Others(Row[] rows)
        {
            // a logit that stands for all of them: its power is the sum of theirs
            var largest = rows.Max(row => row.Logit);
            return new($"{rows.Length} others", largest + Math.Log(rows.Sum(row => Math.Exp(row.Logit - largest))), rows.Sum(row => row.Power), IsOthers: true);
        }
    }

    /// <summary>A view of the softmax of a model's logits for one input.</summary>
    /// <param name="logits">(classes) or (1, classes): what a model returns for one image. Only read.</param>
    /// <param name="names">The classes' names, as many.</param>
    /// <param name="title">What it shows.</param>
    /// <exception cref="ArgumentException">The shape is another, a logit is not finite, or the names are not as many.</exception>
    public static SoftmaxView Of(Tensor logits, IReadOnlyList<string>? names = null, string? title = null)
    {
        ArgumentNullException.ThrowIfNull(logits);
        if (logits.shape is not ([_] or [1, _]))
            throw new ArgumentException($"A tensor of shape (classes) or (1, classes) was expected; found ({string.Join(", ", logits.shape)}). Of a batch take one: logits[0].", nameof(logits));
        using var scope = NewDisposeScope();
        return new((IReadOnlyList<double>)logits.detach().cpu().to(ScalarType.Float64).contiguous().data<double>().ToArray(), names, title);
    }

    /// <summary>The probabilities, in the order of the rows shown.</summary>
    internal IEnumerable<double> Probabilities => _rows.Select(row => row.Power / _sum);

    /// <inheritdoc />
    public override string ToHtml()
    {
        var html = new StringBuilder();
        html.Append(CultureInfo.InvariantCulture, $"<figure class=\"convnet-softmax\" data-shift=\"{(_shift != 0 ? "largest" : "")}\" data-lm-suppress-shortcuts=\"true\" style=\"{Html.Card};margin:4px 0;padding:8px 10px;max-width:100%;width:44rem;box-sizing:border-box\"><style>{Html.Embedded("SoftmaxView.css")}</style>");
        html.Append($"<figcaption>{(_title == "" ? "" : $"<b>{Html.Encode(_title)}</b><br>")}{Settings(power => $"e<sup>{power}</sup>")}</figcaption>");
        html.Append("<table style=\"margin:8px 0\"><thead><tr><th scope=\"col\">class</th><th scope=\"col\">logit z</th>");
        html.Append($"<th scope=\"col\">e<sup>{(_shift != 0 ? "z − largest" : "z")}</sup></th><th scope=\"col\">quotient</th></tr></thead><tbody>");
        foreach (var row in _rows)
        {
            html.Append(CultureInfo.InvariantCulture, $"<tr{(row.IsOthers ? " class=\"cx-others\"" : "")} data-logit=\"{row.Logit:R}\"><th scope=\"row\">{Html.Encode(row.Name)}</th><td class=\"cx-logit\">{(row.IsOthers ? "" : Number(row.Logit))}</td>");
            html.Append(CultureInfo.InvariantCulture, $"<td class=\"cx-power\">{Number(row.Power)}</td><td class=\"cx-share\"><span>{Number(row.Power / _sum)}</span><i style=\"width:{100 * row.Power / _sum:0.##}%\"></i></td></tr>");
        }
        html.Append($"</tbody><tfoot><tr><th scope=\"row\">sum</th><td></td><td class=\"cx-sum\">{Number(_sum)}</td><td>1</td></tr></tfoot></table>");
        html.Append($"<p class=\"cx-words\" aria-live=\"polite\">{Words(Html.Encode, power => $"e<sup>{power}</sup>")}</p>");
        return html.Append($"{Html.Script("SoftmaxView.js")}</figure>").ToString();
    }

    /// <inheritdoc />
    public override string ToSvg()
    {
        const int width = 680, rowHeight = 26, left = 14, logit = 240, power = 350, share = 370, bars = 440, longest = 220;
        var height = (_rows.Length + 2) * rowHeight;
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" fill=\"#1a1a1a\">");
        Line(0, "class", "logit z", $"e^{(_shift != 0 ? "(z − largest)" : "z")}", "quotient", 0);
        for (var index = 0; index < _rows.Length; index++)
        {
            var row = _rows[index];
            Line(index + 1, row.Name.Length > 20 ? row.Name[..19] + "…" : row.Name, row.IsOthers ? "" : Number(row.Logit), Number(row.Power), Number(row.Power / _sum), row.Power / _sum);
        }
        Line(_rows.Length + 1, "sum", "", Number(_sum), "1", 0);
        svg.Append(CultureInfo.InvariantCulture, $"<path d=\"M{left} {rowHeight - 4}H{bars + longest}M{left} {height - rowHeight - 2}H{bars + longest}\" stroke=\"#555\"/></svg>");

        var page = new SvgPage(width);
        page.Write(_title, " font-weight=\"bold\"");
        page.Write(Settings(power => $"e^{power}"));
        page.Skip(6);
        page.Draw(System.Xml.Linq.XElement.Parse(svg.ToString()));
        page.Write(Words(text => text, Plain));
        page.Skip();
        return page.ToSvg(ToText());

        void Line(int index, string name, string z, string e, string quotient, double part)
        {
            var y = index * rowHeight + 16;
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{left}\" y=\"{y}\">{Html.Encode(name)}</text><text x=\"{logit}\" y=\"{y}\" text-anchor=\"end\">{z}</text><text x=\"{power}\" y=\"{y}\" text-anchor=\"end\">{e}</text><text x=\"{share}\" y=\"{y}\">{quotient}</text>");
            if (part > 0)
                svg.Append(CultureInfo.InvariantCulture, $"<rect x=\"{bars}\" y=\"{y - 11}\" width=\"{part * longest:0.##}\" height=\"14\" fill=\"#0072b2\"/>");
        }
    }

    /// <inheritdoc />
    public override string ToText()
    {
        var table = new SummaryTable(_title == "" ? "Softmax" : _title, ["class", "logit z", _shift != 0 ? "e^(z − largest)" : "e^z", "quotient"],
            [.. _rows.Select(row => new object?[] { row.Name, row.IsOthers ? null : Number(row.Logit), Number(row.Power), Number(row.Power / _sum) }), ["sum", null, Number(_sum), "1"]]);
        return $"{table.ToText()}\n{Words(text => text, Plain)}";
    }

    private string Settings(Func<string, string> power) => _shift != 0
        ? $"The largest logit is first taken from each: {power("z")} itself would be too large for a 64-bit number. The quotients stay as they are."
        : $"Each logit z becomes {power("z")}; each quotient is that divided by the sum.";

    /// <summary>The quotient of the likeliest class, written out; the script writes that of the class moved last.</summary>
    private string Words(Func<string, string> encode, Func<string, string> power)
    {
        var row = _rows.Where(row => !row.IsOthers).MaxBy(row => row.Logit)!;
        var exponent = _shift != 0 ? $"{Number(row.Logit)} − {(_shift < 0 ? $"({Number(_shift)})" : Number(_shift))}" : Number(row.Logit);
        return $"{encode(row.Name)}: {power(exponent)} / sum ≈ {Number(row.Power)} / ({string.Join(" + ", _rows.Select(other => Number(other.Power)))}) ≈ {Number(row.Power)} / {Number(_sum)} ≈ {Number(row.Power / _sum)}";
    }

    private static string Plain(string exponent) => exponent.Contains(' ') ? $"e^({exponent})" : $"e^{exponent}";

    /// <summary>Four significant figures; the script writes numbers the same way.</summary>
    internal static string Number(double value)
    {
        var size = Math.Abs(value);
        var text = size == 0 ? "0"
            : size is < 0.001 or >= 1e6 ? value.ToString("0.###e+0", CultureInfo.InvariantCulture)
            : Math.Round(value, Math.Max(0, 3 - (int)Math.Floor(Math.Log10(size)))).ToString("0.######", CultureInfo.InvariantCulture);
        return text.Replace('-', '−');
    }

    private sealed record Row(string Name, double Logit, double Power, bool IsOthers = false);
}
