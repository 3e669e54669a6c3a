namespace NotebookRunner;

/// <summary>Says what keeps a file from being written, in words that tell what to do.</summary>
internal static class FileTrouble
{
    internal static string Words(Exception exception) =>
        FullDisk.IsCauseOf(exception) ? $"the disk is full; free some room ({exception.Message})" : exception.Message;
}
