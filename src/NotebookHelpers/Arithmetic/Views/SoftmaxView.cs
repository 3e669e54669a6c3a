using System.Globalization;
using static TorchSharp.torch;

namespace NotebookHelpers;

/// <summary>
/// From logits to probabilities, each term shown: every logit z, its power e^z, the powers' sum, and the quotient. The
/// reader moves the logits. Without script, and in the SVG and the text, the logits given are shown. The lesson of the graph
/// shows it for its network's first output.
/// </summary>
/// <remarks>
/// Of more than 20 logits the 20 largest are shown, and the others in one row. When a power would be too large for a
/// 64-bit number, the largest logit is first taken from each, as libraries always do; the quotients stay as they are.
/// </remarks>
public sealed class SoftmaxView : SvgView
{
    private const int MostRows = 20, LargestExponent = 700, PageWidth = 680, RowHeight = 26;
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
            throw new ArgumentException(
                $"Logit {wrong} is {logits[wrong].ToString(CultureInfo.InvariantCulture)}; softmax is shown for finite numbers. " +
                "Look at what made it.", nameof(logits));
        if (names is not null && names.Count != logits.Count)
            throw new ArgumentException($"There are {logits.Count} logits, but {names.Count} names. Give every logit one.", nameof(names));

        _title = title ?? "";
        _shift = logits.Max(Math.Abs) > LargestExponent ? logits.Max() : 0;
        var all = logits.Select((logit, index) => new Row(
            names?[index] ?? index.ToString(CultureInfo.InvariantCulture), logit, Math.Exp(logit - _shift))).ToArray();
        var shown = Enumerable.Range(0, all.Length).OrderByDescending(index => all[index].Logit).Take(MostRows).Order().ToArray();
        var others = Enumerable.Range(0, all.Length).Except(shown).Select(index => all[index]).ToArray();
        _rows = [.. shown.Select(index => all[index]), .. others.Length > 0 ? [Together(others)] : (Row[])[]];
        _sum = _rows.Sum(row => row.Power);
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
            throw new ArgumentException(
                $"A tensor of shape (classes) or (1, classes) was expected; found ({string.Join(", ", logits.shape)}). " +
                "Of a batch take one: logits[0].", nameof(logits));
        return new(Tables.Numbers(logits), names, title);
    }

    /// <summary>The probabilities, in the order of the rows shown.</summary>
    internal IEnumerable<double> Probabilities => _rows.Select(row => row.Power / _sum);

    /// <inheritdoc />
    public override string ToHtml() => Html.View("softmax", Html.Drawing(ToSvg(), ToText()), "data-lm-suppress-shortcuts=\"true\"", new
    {
        title = _title,
        settings = Settings,
        isShifted = IsShifted,
        rows = _rows.Select(row => new { row.Name, row.Logit, row.IsOthers }),
        style = Html.Embedded("SoftmaxView.css"),
    }, "SoftmaxView.js");

    /// <inheritdoc />
    public override string ToSvg()
    {
        var page = new SvgPage(PageWidth);
        page.Write(_title, " font-weight=\"bold\"");
        page.Write(Settings);
        page.Skip(6);
        page.Draw(Table());
        page.Write(Words());
        page.Skip();
        return page.ToSvg(ToText());
    }

    /// <inheritdoc />
    public override string ToText()
    {
        var rows = _rows.Select(row => new object?[]
        {
            row.Name, row.IsOthers ? null : Number(row.Logit), Number(row.Power), Number(row.Power / _sum),
        });
        var table = new SummaryTable(_title == "" ? "Softmax" : _title, ["class", "logit z", PowerHeader, "quotient"],
            [.. rows, ["sum", null, Number(_sum), "1"]]);
        return $"{table.ToText()}\n{Words()}";
    }

    private bool IsShifted => _shift != 0;

    private string PowerHeader => IsShifted ? "e^(z − largest)" : "e^z";

    private string Settings => IsShifted
        ? "The largest logit is first taken from each: e^z itself would be too large for a 64-bit number. The quotients stay as they are."
        : "Each logit z becomes e^z; each quotient is that divided by the sum.";

    /// <summary>A row that stands for several: its power is the sum of theirs.</summary>
    private static Row Together(Row[] rows)
    {
        var largest = rows.Max(row => row.Logit);
        var logit = largest + Math.Log(rows.Sum(row => Math.Exp(row.Logit - largest)));
        return new($"{rows.Length} others", logit, rows.Sum(row => row.Power), IsOthers: true);
    }

    /// <summary>The rows as columns of text, each with a bar as long as its quotient.</summary>
    private string Table()
    {
        const int left = 14, bars = 440, longest = 220;
        var height = (_rows.Length + 2) * RowHeight;
        var lines = _rows.Select((row, index) => Line(index + 1, Shortened(row.Name), row.IsOthers ? "" : Number(row.Logit),
                Number(row.Power), Number(row.Power / _sum)) +
            SvgDocument.Rect(bars, (index + 1) * RowHeight + 5, row.Power / _sum * longest, 14, "fill=\"#0072b2\""));
        var head = Line(0, "class", "logit z", PowerHeader, "quotient");
        var foot = Line(_rows.Length + 1, "sum", "", Number(_sum), "1");
        var rules = $"M{left} {RowHeight - 4}H{bars + longest}M{left} {height - RowHeight - 2}H{bars + longest}";
        return $"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{PageWidth}\" height=\"{height}\">" +
            $"{head}{string.Concat(lines)}{foot}<path d=\"{rules}\" stroke=\"#555\"/></svg>";

        static string Shortened(string name) => name.Length > 20 ? name[..19] + "…" : name;

        static string Line(int index, string name, string z, string e, string quotient)
        {
            var y = index * RowHeight + 16;
            return SvgDocument.Text(left, y, name) + SvgDocument.Text(240, y, z, "text-anchor=\"end\"") +
                SvgDocument.Text(350, y, e, "text-anchor=\"end\"") + SvgDocument.Text(370, y, quotient);
        }
    }

    /// <summary>The quotient of the likeliest class, written out; the script writes that of the class moved last.</summary>
    private string Words()
    {
        var row = _rows.Where(row => !row.IsOthers).MaxBy(row => row.Logit)!;
        var shift = _shift < 0 ? $"({Number(_shift)})" : Number(_shift);
        var power = IsShifted ? $"e^({Number(row.Logit)} − {shift})" : $"e^{Number(row.Logit)}";
        var sum = string.Join(" + ", _rows.Select(other => Number(other.Power)));
        return $"{row.Name}: {power} / sum ≈ {Number(row.Power)} / ({sum}) ≈ " +
            $"{Number(row.Power)} / {Number(_sum)} ≈ {Number(row.Power / _sum)}";
    }

    /// <summary>Four significant figures; the script rounds by the same steps.</summary>
    internal static string Number(double value)
    {
        var size = Math.Abs(value);
        var sign = value < 0 ? "−" : "";
        if (size == 0)
            return "0";
        if (size is >= 0.001 and < 1e6)
            return sign + Short(Math.Round(size, Math.Max(0, 3 - (int)Math.Floor(Math.Log10(size)))));
        var parts = size.ToString("0.000000000000000e+0", CultureInfo.InvariantCulture).Split('e');
        return $"{sign}{Short(Math.Round(double.Parse(parts[0], CultureInfo.InvariantCulture), 3))}e{parts[1].Replace('-', '−')}";

        static string Short(double rounded) => rounded.ToString("0.######", CultureInfo.InvariantCulture);
    }

    private sealed record Row(string Name, double Logit, double Power, bool IsOthers = false);
}
