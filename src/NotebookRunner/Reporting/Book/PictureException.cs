namespace NotebookRunner.Reporting.Book;

/// <summary>Why a picture's file is not in the page, in a reader's words.</summary>
internal sealed class PictureException(string reason) : Exception(reason);
