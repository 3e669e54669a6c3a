namespace NotebookHelpers;

/// <summary>How a curve is drawn, so that it can be told apart without colour.</summary>
public enum LineStyle
{
    /// <summary>An unbroken line.</summary>
    Solid,

    /// <summary>Long strokes.</summary>
    Dash,

    /// <summary>Dots.</summary>
    Dot,

    /// <summary>Strokes and dots in turn.</summary>
    DashDot,
}
