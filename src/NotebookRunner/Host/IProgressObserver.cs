namespace NotebookRunner.Host;

/// <summary>Told what happens while notebooks run, from one thread at a time.</summary>
internal interface IProgressObserver
{
    void NotebookStarting(NotebookJob job, int position, int count);

    void NotebookStarted(int codeCells);

    void CellStarted(int number, string firstLine);

    void Output(string preview);

    void CellFinished(CellResult cell);

    void NotebookFinished(NotebookResult result);

    /// <summary>A word from the runner itself: a timeout, an interrupt.</summary>
    void Notice(string message);

    /// <summary>Called a few times a second while a notebook runs.</summary>
    void Tick();
}
