using System.Diagnostics;
using NotebookRunner.Documents;

namespace NotebookRunner.Worker;

/// <summary>The notebook as it is executed: each cell's outputs so far, and the copy on disk that is kept up to date with them.</summary>
internal sealed class ExecutedNotebook(NotebookDocument document, string path)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<NotebookCell, CellOutputs> _outputs = [];
    private readonly Stopwatch _clock = Stopwatch.StartNew();

    // Under the gate: whether the document is not as the file has it, when it was written last, how long that took.
    private bool _unsaved;
    private TimeSpan _saved;
    private TimeSpan _savingTook;

    /// <summary>The cells that a run executes, and their places among all cells.</summary>
    internal IReadOnlyList<(NotebookCell Cell, int Index)> Cells { get; } =
        [.. document.Cells.Select((cell, index) => (cell, index)).Where(item => item.cell is { IsCode: true, IsSkipped: false })];

    /// <summary>The figures for the summary table so far.</summary>
    internal IReadOnlyList<HeadlineFigure> Headlines
    {
        get
        {
            lock (_gate)
                return [.. _outputs.Values.SelectMany(cell => cell.Headlines())];
        }
    }

    /// <summary>Takes away what an earlier run left, and writes the copy for the first time.</summary>
    internal void Begin()
    {
        document.ClearOutputs();
        _unsaved = true;
        Save();
    }

    /// <summary>Begins a cell.</summary>
    /// <returns>What takes its outputs.</returns>
    internal CellOutputs Begin(NotebookCell cell)
    {
        var outputs = new CellOutputs();
        lock (_gate)
            _outputs[cell] = outputs;
        return outputs;
    }

    /// <summary>Ends a cell.</summary>
    internal void End(NotebookCell cell, int number)
    {
        lock (_gate)
        {
            cell.ExecutionCount = number;
            _unsaved = true;
        }
        TrySave();
    }

    /// <summary>Adds a failure that is no cell's to the output of the last cell that ran.</summary>
    internal void FailLast(CellFailure failure)
    {
        lock (_gate)
            _outputs.Values.LastOrDefault()?.Fail(failure);
    }

    /// <summary>Records that all of it succeeded.</summary>
    internal void Record(string profile)
    {
        lock (_gate)
        {
            Provenance.Record(document, profile, Headlines.FirstOrDefault(figure => figure.IsData)?.Value);
            _unsaved = true;
        }
    }

    /// <summary>Saves now and then: not more than a small part of the time goes into the file.</summary>
    internal void SaveWhenDue()
    {
        if (!_gate.TryEnter())
            return; // it is being written
        try
        {
            if (_clock.Elapsed - _saved > TimeSpan.FromSeconds(1) + 20 * _savingTook)
                TrySave();
        }
        finally
        {
            _gate.Exit();
        }
    }

    /// <summary>
    /// Saves where a file that cannot be written now is no reason to end the run: it is tried again until the notebook's end.
    /// </summary>
    /// <returns>Why it could not; null when it could.</returns>
    internal Exception? TrySave()
    {
        try
        {
            Save();
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return e;
        }
    }

    private void Save()
    {
        lock (_gate)
        {
            var began = _clock.Elapsed;
            foreach (var (cell, outputs) in _outputs)
                if (outputs.TakeChanged())
                {
                    cell.Outputs = outputs.ToJson();
                    _unsaved = true;
                }
            if (_unsaved)
                WholeFile.Write(path, document.ToJson());
            _unsaved = false;
            _saved = _clock.Elapsed;
            _savingTook = _saved - began;
        }
    }
}
