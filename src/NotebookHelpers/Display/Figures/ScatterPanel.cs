namespace NotebookHelpers;

/// <summary>One plane of a <see cref="ScatterView"/>.</summary>
/// <param name="Title">What the plane shows.</param>
/// <param name="XTitle">The x axis, with its unit.</param>
/// <param name="YTitle">The y axis, with its unit.</param>
/// <param name="X">Where the points are.</param>
/// <param name="Y">As many values.</param>
public sealed record ScatterPanel(string Title, string XTitle, string YTitle, double[] X, double[] Y);
