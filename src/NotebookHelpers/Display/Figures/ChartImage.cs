using System.Text;

namespace NotebookHelpers;

/// <summary>A chart's pictures in HTML.</summary>
internal static class ChartImage
{
    /// <summary>The chart as an image, which is scrolled on a phone unless it has a form for it.</summary>
    /// <param name="svg">The picture.</param>
    /// <param name="narrow">The one for a phone, if there is one.</param>
    /// <param name="alternative">What a reader who sees neither is told.</param>
    internal static string Of(string svg, string? narrow, string alternative)
    {
        var width = narrow is null ? ";min-width:560px" : "";
        var image = Html.Image(Mime.Svg, Encoding.UTF8.GetBytes(svg), alternative,
            $"width=\"{StaticChart.Width}\" style=\"display:block;width:100%;height:auto{width}\"");
        var shown = narrow is null ? Html.Scrolling(image) : $"<picture>{Html.OnPhone(narrow)}{image}</picture>";
        return $"<div style=\"max-width:{StaticChart.Width}px\">{shown}</div>";
    }
}
