namespace NotebookRunner.Worker;

/// <summary>A NuGet package that a cell asks for.</summary>
/// <param name="Id">The package.</param>
/// <param name="Version">As written; null for none.</param>
/// <param name="Line">The directive's line, from 1 within the text.</param>
internal sealed record PackageRequest(string Id, string? Version, int Line);

/// <summary>What a cell does, step by step.</summary>
internal abstract record CellStep
{
    /// <summary>Restore packages, all of them together; sources are as written, spaces and all, as the kernel shows them.</summary>
    internal sealed record Restore(IReadOnlyList<PackageRequest> Packages, IReadOnlyList<string> Sources) : CellStep;

    /// <summary>Run a file in the session.</summary>
    internal sealed record Import(string File, int Line) : CellStep;

    /// <summary>Run a magic command that is the kernel's own affair, as it is written.</summary>
    internal sealed record Magic(string Text, int Line) : CellStep;

    /// <summary>Measure the time from here to the cell's end and show it there.</summary>
    internal sealed record Time : CellStep;

    /// <summary>Run code.</summary>
    /// <param name="Language">csharp, html, javascript or markdown.</param>
    /// <param name="Text">The code.</param>
    /// <param name="Lines">For each line of it, its line in the cell, from 1.</param>
    internal sealed record Run(string Language, string Text, IReadOnlyList<int> Lines) : CellStep;
}
