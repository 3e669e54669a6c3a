using System.Globalization;
using System.Text;
using System.Xml.Linq;

namespace NotebookHelpers;

/// <summary>
/// A window that slides over an image, to be looked at: pointing at a cell of the result, or moving to it with the
/// arrow keys, frames its window in the image and writes out what was computed; Play, Back and Step move the window.
/// Without script, and in the SVG and the text, the first two windows are shown with what they compute.
/// </summary>
/// <remarks>
/// An image of up to 32×32 cells, padding included, with up to 3 channels fits (a digit with two cells of padding);
/// larger ones are refused, because nobody can point at their cells and the notebook would not stay small. Tables with
/// more than 16 rows or columns show colours only; their numbers appear in the sum.
/// </remarks>
public abstract class WindowView : SvgView
{
    private const int LargestSide = 32, MostChannels = 3;
    private readonly string _title;

    private protected WindowView(string? title) => _title = title ?? "";

    /// <summary>Size of the window, stride, padding, and what becomes of the image's size.</summary>
    public abstract string Settings { get; }

    /// <inheritdoc />
    public sealed override string ToHtml()
    {
        var (height, width, stride) = Window;
        var html = new StringBuilder();
        html.Append(CultureInfo.InvariantCulture, $"<figure class=\"convnet-window\" data-kind=\"{Kind}\" data-bias=\"{Bias}\" data-height=\"{height}\" data-width=\"{width}\" data-stride=\"{stride}\" data-lm-suppress-shortcuts=\"true\" style=\"{Html.Card};margin:4px 0;padding:8px 10px;max-width:100%;width:fit-content;box-sizing:border-box\"><style>{Style}</style>");
        html.Append($"<figcaption>{(_title == "" ? "" : $"<b>{Html.Encode(_title)}</b><br>")}{Html.Encode(Settings)}</figcaption>");
        var (next, live) = ("", " aria-live=\"polite\"");
        foreach (var place in FirstTwo)
        {
            html.Append($"<div class=\"cw-row{next}\">");
            foreach (var part in Parts)
                html.Append(part is Pane pane ? Table(pane, place) : $"<span>{Html.Encode((string)part)}</span>");
            html.Append($"</div><p class=\"cw-sum{next}\"{live}>");
            foreach (var (text, mark) in Sentence(place))
                html.Append(mark == Mark.None ? text : $"<span class=\"{(mark == Mark.Zero ? "cw-zero" : "cw-strong")}\">{text}</span>");
            html.Append("</p>");
            (next, live) = (" cw-next", "");
        }
        return html.Append($"<script>{Script}</script></figure>").ToString();
    }

    /// <inheritdoc />
    public sealed override string ToSvg()
    {
        const int margin = 14, lineHeight = 20;
        var pictures = FirstTwo.Select(place => (Place: place, Drawing: XElement.Parse(Picture(place).ToSvg()))).ToArray();
        var width = Math.Max(640, pictures.Max(picture => (int)picture.Drawing.Attribute("width")!));
        var content = new StringBuilder();
        var y = margin;
        Write(Words(_title, Mark.Strong));
        Write(Words(Settings));
        foreach (var (place, drawing) in pictures)
        {
            drawing.SetAttributeValue("y", y);
            content.Append(drawing.ToString(SaveOptions.DisableFormatting));
            y += (int)drawing.Attribute("height")!;
            Write(Sentence(place));
            y += margin;
        }
        return string.Create(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{y}\" viewBox=\"0 0 {width} {y}\" font-family=\"system-ui,sans-serif\" font-size=\"14\" role=\"img\"><title>{Html.Encode(ToText())}</title><rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>{content}</svg>");

        IEnumerable<Piece> Words(string text, Mark mark = Mark.None) =>
            text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(word => new Piece(word + " ", mark));

        // SVG breaks no lines: a piece that would pass the edge (8 units a character, at most) starts the next one
        void Write(IEnumerable<Piece> pieces)
        {
            var line = new StringBuilder();
            var length = 0;
            foreach (var (text, mark) in pieces)
            {
                if (length > 0 && (length + text.Length) * 8 > width - 2 * margin)
                    End();
                length += text.Length;
                var look = mark switch { Mark.Zero => " fill=\"#767676\"", Mark.Strong => " font-weight=\"bold\"", _ => "" };
                line.Append($"<tspan{look}>{Html.Encode(text)}</tspan>");
            }
            if (length > 0)
                End();

            void End()
            {
                content.Append(CultureInfo.InvariantCulture, $"<text x=\"{margin}\" y=\"{y + lineHeight - 6}\" fill=\"#1a1a1a\" xml:space=\"preserve\">{line}</text>");
                y += lineHeight;
                length = 0;
                line.Clear();
            }
        }
    }

    /// <inheritdoc />
    public sealed override string ToText() => string.Join('\n',
        [.. _title == "" ? [] : (string[])[_title], Settings, Summary,
         .. FirstTwo.Select(place => string.Concat(Sentence(place).Select(piece => piece.Text)))]);

    /// <summary>The first two places of the window, in the order in which it slides.</summary>
    internal IEnumerable<(int Row, int Column)> FirstTwo
    {
        get
        {
            var (height, width) = Size;
            yield return (0, 0);
            if (width > 1)
                yield return (0, 1);
            else if (height > 1)
                yield return (1, 0);
        }
    }

    /// <summary>What the script writes when the window stands there: place, terms and result.</summary>
    internal IEnumerable<Piece> Sentence((int Row, int Column) place) =>
        Formula(place).Prepend(new(string.Create(CultureInfo.InvariantCulture, $"Row {place.Row}, column {place.Column}: ")));

    // What the two views say of theirs. Kind, Bias and the window go to the script, which reads the numbers from the tables.
    private protected abstract string Kind { get; }
    private protected abstract string Bias { get; }
    private protected abstract (int Height, int Width, int Stride) Window { get; }
    private protected abstract (int Height, int Width) Size { get; }
    private protected abstract IEnumerable<object> Parts { get; } // Pane or string
    private protected abstract string Summary { get; }
    private protected abstract IEnumerable<Piece> Formula((int Row, int Column) place);
    private protected abstract SvgView Picture((int Row, int Column) place);

    /// <summary>Where in the window, counted row by row, the cell is that gave the result; null if all of them did.</summary>
    private protected virtual int? Winner((int Row, int Column) place) => null;

    /// <summary>Refuses what would be too large to look at.</summary>
    private protected static void Check(int height, int width, Margins padding, int channels)
    {
        var (rows, columns) = (height + padding.Top + padding.Bottom, width + padding.Left + padding.Right);
        if (Math.Max(rows, columns) > LargestSide)
            throw new ArgumentException(
                $"The image is {rows}×{columns} with its padding, but a view in which each cell can be pointed at takes up to {LargestSide}×{LargestSide}. " +
                "Take a part of the image, or show the result itself or one of its windows.");
        if (channels > MostChannels)
            throw new ArgumentException(
                $"The image has {channels} channels, but the view has room for {MostChannels} side by side. Show a result of fewer channels, or one of its windows.");
    }

    /// <summary>Padding and sizes in words.</summary>
    private protected static string Describe(int stride, Margins padding, double[,] image, double[,] result)
    {
        var (top, left, bottom, right) = padding;
        var around = padding == default ? "no padding"
            : top == left && top == bottom && top == right ? $"padding {top} on every side"
            : $"padding {top} above, {bottom} below, {left} left, {right} right";
        return $"stride {stride}, {around}: {image.GetLength(0)}×{image.GetLength(1)} → {result.GetLength(0)}×{result.GetLength(1)}";
    }

    private string Table(Pane pane, (int Row, int Column) place)
    {
        var values = pane.Values;
        var (height, width) = (values.GetLength(0), values.GetLength(1));
        var isPicture = Math.Max(height, width) > MatrixView.LargestTable;
        var scale = values.Cast<double>().Where(double.IsFinite).Select(Math.Abs).Append(0).Max() switch { 0 => 1, var max => max };
        var table = new StringBuilder();
        var longest = 0;
        for (var row = 0; row < height; row++)
        {
            table.Append("<tr>");
            for (var column = 0; column < width; column++)
            {
                var value = values[row, column];
                var isMargin = row < pane.Margins.Top || row >= height - pane.Margins.Bottom || column < pane.Margins.Left || column >= width - pane.Margins.Right;
                var text = isMargin && double.IsNaN(value) ? "·" : Notation.Number(value);
                longest = Math.Max(longest, text.Length);
                var look = isMargin ? " class=\"cw-pad\"" : value == 0 || double.IsNaN(value) ? "" : $" style=\"background:{MatrixView.Colour(value / scale, Tint.Signed, isPicture)}\"";
                var winner = pane.Role == "out" && Winner((row, column)) is { } at ? string.Create(CultureInfo.InvariantCulture, $" data-at=\"{at}\"") : "";
                table.Append($"<td{look}{winner}>{text}</td>");
            }
            table.Append("</tr>");
        }
        var side = Math.Clamp(340 / Math.Max(height, width), 10, 20);
        var (cellHeight, cellWidth) = isPicture ? (side, side) : (28, Math.Max(28, 12 + 8 * longest));
        // an inline style also keeps a page's rules for plain tables away
        return string.Create(CultureInfo.InvariantCulture, $"<div class=\"cw-pane\">{Html.Encode(pane.Name)}<div class=\"cw-box\"><div class=\"cw-{pane.Role}{(isPicture ? " cw-small" : "")}\" style=\"--h:{cellHeight}px;--w:{cellWidth}px\"><table style=\"margin:0\" aria-label=\"{Html.Encode(pane.Name)}\"><tbody>{table}</tbody></table>{Frames()}</div></div></div>");

        string Frames()
        {
            var (windowHeight, windowWidth, stride) = Window;
            return pane.Role switch
            {
                "in" => Frame(place.Row * stride, place.Column * stride, windowHeight, windowWidth) +
                    (Winner(place) is { } at ? Frame(place.Row * stride + at / windowWidth, place.Column * stride + at % windowWidth, 1, 1, " class=\"cw-winner\"") : ""),
                "out" => Frame(place.Row, place.Column, 1, 1),
                _ => "",
            };
        }

        static string Frame(int row, int column, int height, int width, string look = "") =>
            string.Create(CultureInfo.InvariantCulture, $"<i{look} style=\"--r:{row};--c:{column};--m:{height};--n:{width}\"></i>");
    }

    // Frames stand over the cells by their row and column (--r, --c), so that the script only sets these two numbers.
    // Lines are shadows, because editors (VS Code) take the borders off every table.
    private const string Style = """
        .convnet-window{color-scheme:light;line-height:1.4}
        .convnet-window figcaption{color:inherit;font:inherit;text-align:left;margin:0}
        .convnet-window .cw-row{display:flex;flex-wrap:wrap;align-items:center;gap:8px 12px;margin:8px 0}
        .convnet-window .cw-row>span{font-size:22px}
        .convnet-window .cw-pane{max-width:100%;text-align:center}
        .convnet-window .cw-box{overflow-x:auto;padding:3px}
        .convnet-window .cw-box>div{position:relative;width:max-content;margin:auto}
        .convnet-window table{border-collapse:separate;border-spacing:0;width:auto;background:#fff;font:14px system-ui,sans-serif;font-variant-numeric:tabular-nums}
        .convnet-window table tr{background:none}
        .convnet-window table td{box-sizing:border-box;width:var(--w);min-width:var(--w);max-width:var(--w);height:var(--h);padding:0;color:#1a1a1a;line-height:1;text-align:center;vertical-align:middle;box-shadow:inset 0 0 0 .5px #d0d0d0}
        .convnet-window table td.cw-pad{background:#ededed;color:#595959;box-shadow:none;outline:1px dashed #8a8a8a;outline-offset:-1px}
        .convnet-window .cw-small td{font-size:0}
        .convnet-window .cw-out td{cursor:pointer}
        .convnet-window .cw-out td:focus-visible{outline:4px solid #0072b2;outline-offset:-1px;position:relative;z-index:1}
        .convnet-window i{position:absolute;box-sizing:border-box;top:-2px;left:-2px;height:calc(var(--m)*var(--h) + 4px);width:calc(var(--n)*var(--w) + 4px);border:3px solid #1a1a1a;transform:translate(calc(var(--c)*var(--w)),calc(var(--r)*var(--h)));transition:transform .25s;pointer-events:none}
        .convnet-window i.cw-winner{border-color:#0072b2;border-radius:50%}
        .convnet-window .cw-sum{color:inherit;margin:6px 0;min-height:2.8em;width:0;min-width:100%;overflow-wrap:anywhere}
        .convnet-window .cw-zero{color:#767676}
        .convnet-window .cw-strong{color:#005a8d;font-weight:bold}
        .convnet-window .cw-bar{display:flex;flex-wrap:wrap;align-items:center;gap:8px}
        .convnet-window button{min-width:64px;min-height:32px;border:1px solid #6b6b6b;border-radius:4px;background:#f4f4f4;color:#1a1a1a;font:inherit;cursor:pointer}
        .convnet-window button:focus-visible{outline:3px solid #0072b2}
        @media (prefers-reduced-motion:reduce){.convnet-window i{transition:none}.convnet-window .cw-play{display:none}}
        """;

    // The same text in every view, so that a page can allow it by its hash. It looks for the views that are not upgraded
    // yet, not for its own place, because editors (VS Code) run a copy of it that stands elsewhere. It reads the numbers
    // as they are written in the tables, so that its sums are those of the page.
    private const string Script = """
        (() => {
          document.querySelectorAll("figure.convnet-window:not([data-upgraded])").forEach(view => {
            view.setAttribute("data-upgraded", "");
            view.querySelectorAll(".cw-next").forEach(part => part.remove());
            const tables = role => [...view.querySelectorAll(".cw-" + role + " table")];
            const images = tables("in"), kernels = tables("kernel"), grid = tables("out")[0], sum = view.querySelector(".cw-sum");
            const kind = view.dataset.kind, bias = view.dataset.bias;
            const height = +view.dataset.height, width = +view.dataset.width, stride = +view.dataset.stride;
            const cells = [...grid.querySelectorAll("td")], columns = grid.rows[0].cells.length;
            const under = (table, top, left, h, w) =>
              [...table.rows].slice(top, top + h).flatMap(row => [...row.cells].slice(left, left + w));
            let current = 0, timer = 0;

            function sentence(row, column, result) {
              const parts = [["Row " + row + ", column " + column + ": "]], start = parts.length;
              const windows = images.map(image => under(image, row * stride, column * stride, height, width));
              const add = (factor, text, mark) => {
                const minus = factor[0] === "−";
                parts.push([(parts.length === start ? (minus ? "−" : "") : minus ? " − " : " + ") + text, mark]);
              };
              const positive = text => text.replace(/^−/, "");
              const operand = text => text[0] === "−" ? "(" + text + ")" : text;
              if (kind === "sum") {
                windows.forEach((cells, channel) => kernels[channel].querySelectorAll("td").forEach((cell, index) => {
                  const weight = cell.textContent, value = cells[index].textContent;
                  const zero = (weight === "0" || value === "0") && !/[IN]/.test(weight + value);
                  add(weight, operand(value) + "·" + positive(weight), zero ? "cw-zero" : "");
                }));
                if (bias) add(bias, positive(bias));
              } else {
                const max = kind === "max", counted = windows[0].filter(cell => !cell.matches(".cw-pad"));
                parts.push([max ? "max(" : "("]);
                counted.forEach((cell, index) => {
                  if (index) parts.push([max ? ", " : " + "]);
                  const text = cell.textContent;
                  parts.push([max ? text : operand(text), max && cell === windows[0][result.dataset.at] ? "cw-strong" : ""]);
                });
                parts.push([max ? ")" : ") / " + counted.length]);
              }
              parts.push([" = " + result.textContent]);
              return parts;
            }

            function frame(table, selector, row, column, h, w) {
              const mark = table.parentNode.querySelector(selector), box = table.closest(".cw-box");
              mark.style.setProperty("--r", row);
              mark.style.setProperty("--c", column);
              const first = table.rows[row].cells[column], last = table.rows[row].cells[column + w - 1];
              box.scrollLeft = Math.max(Math.min(box.scrollLeft, first.offsetLeft), last.offsetLeft + last.offsetWidth + 6 - box.clientWidth);
            }

            function select(index) {
              const row = Math.floor(index / columns), column = index % columns, cell = cells[index];
              cells[current].tabIndex = -1;
              cells[current].removeAttribute("aria-selected");
              current = index;
              cell.tabIndex = 0;
              cell.setAttribute("aria-selected", "true");
              images.forEach(image => frame(image, "i", row * stride, column * stride, height, width));
              frame(grid, "i", row, column, 1, 1);
              if (kind === "max") {
                const at = +cell.dataset.at;
                frame(images[0], ".cw-winner", row * stride + Math.floor(at / width), column * stride + at % width, 1, 1);
              }
              sum.replaceChildren(...sentence(row, column, cell).map(([text, mark]) => {
                if (!mark) return text;
                const span = document.createElement("span");
                span.className = mark;
                span.textContent = text;
                return span;
              }));
            }

            function pause() {
              clearInterval(timer);
              timer = 0;
              play.textContent = "Play";
              sum.setAttribute("aria-live", "polite");
            }

            const bar = document.createElement("div");
            bar.className = "cw-bar";
            function button(label, act) {
              const made = document.createElement("button");
              made.type = "button";
              made.textContent = label;
              made.addEventListener("click", act);
              bar.append(made);
              return made;
            }
            const play = button("Play", () => {
              if (timer) return pause();
              play.textContent = "Pause";
              sum.setAttribute("aria-live", "off");
              select((current + 1) % cells.length);
              timer = setInterval(() => {
                if (!view.isConnected || current === cells.length - 1) pause();
                else select(current + 1);
              }, Math.max(300, Math.min(900, 36000 / cells.length)));
            });
            play.className = "cw-play";
            button("Back", () => { pause(); select((current + cells.length - 1) % cells.length); });
            button("Step", () => { pause(); select((current + 1) % cells.length); });
            const hint = document.createElement("span");
            hint.textContent = "Point at a cell of the " + grid.getAttribute("aria-label") + ", or move with the arrow keys.";
            bar.append(hint);
            sum.before(bar);

            grid.setAttribute("role", "grid");
            cells.forEach((cell, index) => {
              cell.tabIndex = index ? -1 : 0;
              const show = () => { pause(); select(index); };
              cell.addEventListener("pointerover", show);
              cell.addEventListener("focus", show);
            });
            cells[0].setAttribute("aria-selected", "true");
            grid.addEventListener("keydown", event => {
              const start = current - current % columns, end = start + columns - 1;
              const target = {
                ArrowLeft: Math.max(start, current - 1), ArrowRight: Math.min(end, current + 1),
                ArrowUp: current - columns, ArrowDown: current + columns,
                Home: event.ctrlKey ? 0 : start, End: event.ctrlKey ? cells.length - 1 : end
              }[event.key];
              if (target === undefined || event.altKey || event.metaKey) return;
              event.preventDefault();
              event.stopPropagation();
              if (cells[target]) cells[target].focus();
            });
          });
        })();
        """;

    /// <summary>One table of the view: an image ("in"), a kernel ("kernel") or the result ("out").</summary>
    internal sealed record Pane(string Role, string Name, double[,] Values, Margins Margins = default);

    /// <summary>How a piece of a sum is written: a zero term grey, a winner strong.</summary>
    internal enum Mark
    {
        None,
        Zero,
        Strong,
    }

    /// <summary>A piece of a sum: a term, an operator, the result.</summary>
    internal readonly record struct Piece(string Text, Mark Mark = Mark.None);
}
