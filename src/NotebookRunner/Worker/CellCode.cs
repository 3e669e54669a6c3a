namespace NotebookRunner.Worker;

/// <summary>
/// Splits a cell at its directives as the kernel does: a directive begins its line; packages come before the code of
/// their part of the cell; code without any directive of the kernel's goes to the compiler untouched.
/// </summary>
internal static class CellCode
{
    internal const string CSharp = "csharp";

    /// <summary>The steps of a cell.</summary>
    /// <param name="source">The cell's text.</param>
    /// <param name="language">The language that it begins in.</param>
    /// <exception cref="CellException">A directive is unknown or makes no sense; then nothing of the cell runs.</exception>
    internal static IReadOnlyList<CellStep> Split(string source, string language = CSharp)
    {
        var lines = source.ReplaceLineEndings("\n").Split('\n');
        if (!lines.Any(Directive.Begins))
            return [new CellStep.Run(language, source, [.. Enumerable.Range(1, lines.Length)])];

        var steps = new Steps(language);
        foreach (var (index, line) in lines.Index())
            steps.Add(line, index + 1);
        return steps.End();
    }

    /// <summary>The steps so far. A part of a cell is what is in one language; its packages are restored before all else.</summary>
    private sealed class Steps(string language)
    {
        private readonly List<CellStep> _steps = [];
        private readonly List<PackageRequest> _packages = [];
        private readonly List<string> _sources = [];
        private readonly List<(string Text, int Line)> _code = [];
        private string _language = language;
        private int _partBegin;

        internal void Add(string line, int number)
        {
            switch (Directive.Parse(line, number, _language))
            {
                case null:
                    _code.Add((line, number));
                    break;
                case Directive.Package package:
                    _packages.Add(package.Request);
                    break;
                case Directive.Source source:
                    _sources.Add(source.Text);
                    break;
                case Directive.Language switched:
                    EndPart();
                    _language = switched.Name;
                    break;
                case Directive.Step step:
                    EndCode();
                    _steps.Add(step.Does);
                    break;
            }
        }

        internal IReadOnlyList<CellStep> End()
        {
            EndPart();
            return _steps;
        }

        private void EndPart()
        {
            EndCode();
            if (_packages.Count + _sources.Count > 0)
                _steps.Insert(_partBegin, new CellStep.Restore([.. _packages], [.. _sources]));
            _packages.Clear();
            _sources.Clear();
            _partBegin = _steps.Count;
        }

        private void EndCode()
        {
            // As the kernel: the blank lines in front do not count.
            var text = _code.SkipWhile(line => string.IsNullOrWhiteSpace(line.Text)).ToList();
            _code.Clear();
            if (text.Count > 0)
                _steps.Add(new CellStep.Run(
                    _language, string.Join('\n', text.Select(line => line.Text)), [.. text.Select(line => line.Line)]));
        }
    }
}
