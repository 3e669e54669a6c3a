using System.Globalization;
using System.Text;

namespace NotebookHelpers;

/// <summary>Numbers and sums as a book prints them.</summary>
internal static class Notation
{
    /// <summary>At most two decimals, with a real minus sign.</summary>
    internal static string Number(double value)
    {
        var text = (Math.Abs(value) is > 0 and < 0.005 or >= 1e6
            ? value.ToString("0.#e+0", CultureInfo.InvariantCulture)
            : value.ToString("0.##", CultureInfo.InvariantCulture)).Replace('-', '−');
        return text == "−0" ? "0" : text;
    }

    /// <summary>The number that a reader finds written: rounded.</summary>
    internal static double AsWritten(double value) => double.Parse(Number(value).Replace('−', '-'), CultureInfo.InvariantCulture);

    /// <summary>A number that is added: its sign, a space, its absolute value.</summary>
    internal static string Added(double value) => $"{(value < 0 ? "−" : "+")} {Number(Math.Abs(value))}";

    /// <summary>
    /// A weighted sum with its result; each term passes through <paramref name="term"/>, which is told whether it is zero.
    /// </summary>
    internal static string Sum(IEnumerable<(double Value, double Weight)> terms, double bias, double sum, Func<string, bool, string> term)
    {
        var text = new StringBuilder();
        foreach (var (value, weight) in terms)
            Add(weight < 0, $"{Operand(value)}·{Number(Math.Abs(weight))}", value * weight == 0);
        if (bias != 0)
            Add(bias < 0, Number(Math.Abs(bias)), false);
        return text.Append($" = {Number(sum)}").ToString();

        void Add(bool negative, string product, bool isZero)
        {
            var sign = text.Length == 0 ? negative ? "−" : "" : negative ? " − " : " + ";
            text.Append(term(sign + product, isZero));
        }
    }

    /// <summary>A number inside a product or a list: in brackets when negative.</summary>
    internal static string Operand(double value) => value < 0 ? $"({Number(value)})" : Number(value);

    internal static string Grey(string text) => $"<span style=\"opacity:.7\">{text}</span>";

    /// <summary>A line of mathematics under a picture; the content is HTML already.</summary>
    internal static string HtmlLine(string content) =>
        $"<p style=\"{Html.Card};padding:4px 10px;margin:0 0 6px;width:fit-content\">{content}</p>";
}
