namespace NotebookRunner.Documents;

/// <summary>A file is no notebook that this runner can execute; the message says what was expected and what was found.</summary>
internal sealed class NotebookFormatException(string message, Exception? inner = null) : Exception(message, inner);
