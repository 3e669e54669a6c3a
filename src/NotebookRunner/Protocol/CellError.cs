namespace NotebookRunner.Protocol;

/// <summary>Why a cell failed; line and column count from 1 within the cell, where they are known.</summary>
internal sealed record CellError(string Name, string Message, int? Line = null, int? Column = null, string? SourceLine = null);
