namespace NotebookHelpers;

/// <summary>One map of a <see cref="FeatureMaps"/>.</summary>
/// <param name="Values">height × width values; one that is not a number shows the page's colour.</param>
/// <param name="Caption">What stands below the map.</param>
/// <param name="Outline">A picture of ink (0 paper, 1 ink), of any size, whose edge at one half is drawn over the map.</param>
public sealed record MapTile(double[,] Values, string Caption = "", double[,]? Outline = null);
