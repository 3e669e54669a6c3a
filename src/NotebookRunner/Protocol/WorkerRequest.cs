namespace NotebookRunner.Protocol;

/// <summary>
/// What the host asks of a worker process: to execute one notebook. The host starts
/// <c>dotnet NotebookRunner.dll worker PIPE-HANDLE</c>; the handle is the client end of an anonymous pipe that takes the
/// <see cref="WorkerEvent"/>s. The worker's standard input takes this record as JSON in its first line, after that
/// <see cref="WorkerCommand"/>s; its end means that the host is gone, and so the worker goes too. SIGINT, SIGTERM, SIGQUIT
/// and SIGHUP are the host's to handle.
/// </summary>
/// <param name="NotebookPath">The notebook, full path. Its folder is the cells' working directory.</param>
/// <param name="OutputPath">The executed copy, full path, this worker's alone; replaced as a whole after every cell.</param>
/// <param name="Profile">full or quick, also in the worker's WORKBOOK_PROFILE.</param>
/// <param name="Parameters">Values to inject after the cell tagged <c>parameters</c>.</param>
/// <param name="KeepGoing">Whether cells after a failed one run.</param>
internal sealed record WorkerRequest(
    string NotebookPath,
    string OutputPath,
    string Profile,
    IReadOnlyDictionary<string, string> Parameters,
    bool KeepGoing);
