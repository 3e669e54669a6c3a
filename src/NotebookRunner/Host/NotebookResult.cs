namespace NotebookRunner.Host;

/// <summary>How a notebook's run ended.</summary>
internal enum NotebookStatus
{
    /// <summary>Every cell succeeded.</summary>
    Succeeded,

    /// <summary>A cell failed, was stopped by the timeout, or took its process down.</summary>
    Failed,

    /// <summary>Ctrl-C ended it.</summary>
    Interrupted,

    /// <summary>It could not be read, or its parameters not be set; nothing ran.</summary>
    Rejected,

    /// <summary>What came of it could not be written: the executed copy, or the notebook with --in-place.</summary>
    NotSaved,

    /// <summary>The run ended before its turn.</summary>
    NotRun,
}

/// <summary>How one code cell ended.</summary>
internal sealed record CellResult(int Number, string FirstLine, CellStatus Status, TimeSpan Elapsed, CellError? Error);

/// <summary>What is known of a notebook after its run.</summary>
internal sealed record NotebookResult(NotebookJob Job, NotebookStatus Status)
{
    internal int CodeCells { get; init; }

    internal IReadOnlyList<CellResult> Cells { get; init; } = [];

    internal IReadOnlyList<HeadlineFigure> Headlines { get; init; } = [];

    internal TimeSpan Elapsed { get; init; }

    /// <summary>Why nothing ran, where nothing did.</summary>
    internal string? Message { get; init; }

    /// <summary>Whether the executed copy replaced the notebook.</summary>
    internal bool WrittenBack { get; init; }

    /// <summary>The same with a failure that is no cell's.</summary>
    internal NotebookResult Failed(string why) => this with
    {
        Status = Status == NotebookStatus.Succeeded ? NotebookStatus.Failed : Status,
        Message = Message is null ? why : $"{Message}\n{why}",
    };

    internal int Succeeded => Cells.Count(cell => cell.Status == CellStatus.Succeeded);

    internal IEnumerable<CellResult> FailedCells => Cells.Where(cell => cell.Status is CellStatus.Failed or CellStatus.Cancelled);
}
