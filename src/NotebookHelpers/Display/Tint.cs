namespace NotebookHelpers;

/// <summary>What the colour of a cell says.</summary>
public enum Tint
{
    /// <summary>Blue below zero, white at zero, orange above: readable with every kind of colour vision.</summary>
    Signed,

    /// <summary>Ink on paper: white at zero, black at the largest value.</summary>
    Ink,
}
