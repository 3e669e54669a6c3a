namespace NotebookHelpers;

/// <summary>What a figure shows, as plain values: the source of its static picture, its text and its interactive chart.</summary>
/// <param name="Title">What the figure shows.</param>
/// <param name="XTitle">The x axis with its unit.</param>
/// <param name="YTitle">The y axis with its unit.</param>
internal abstract record Chart(string Title, string XTitle, string YTitle)
{
    // Okabe and Ito's palette (2008), told apart with every common colour blindness; the lightest are left out on white.
    internal static readonly string[] Palette = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#000000"];

    internal static string Color(int series) => Palette[series % Palette.Length];

    /// <summary>The kind of chart and what its parts say, a line each.</summary>
    internal abstract IEnumerable<string> Describe();

    internal string Heading => string.IsNullOrWhiteSpace(Title) ? "Figure" : Title;
}
