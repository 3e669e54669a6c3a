namespace NotebookRunner.Reporting.Book.Formulas;

/// <summary>A formula cannot be drawn; the message tells its author why.</summary>
internal sealed class FormulaException(string message) : Exception(message);
