namespace NotebookRunner.Host;

/// <summary>What one run is to do.</summary>
internal sealed record ExecutionRequest
{
    /// <summary>The notebooks, full paths, in order.</summary>
    internal required IReadOnlyList<string> Notebooks { get; init; }

    /// <summary>Where the executed copies go.</summary>
    internal required string OutputFolder { get; init; }

    /// <summary>full or quick.</summary>
    internal string Profile { get; init; } = "quick";

    /// <summary>Values that override a notebook's parameters.</summary>
    internal IReadOnlyDictionary<string, string> Parameters { get; init; } = new Dictionary<string, string>();

    /// <summary>Whether a notebook that lacks some of the parameters runs with those that it has; else it is rejected.</summary>
    internal bool ParametersWhereKnown { get; init; }

    /// <summary>How many bytes of memory a notebook's process may take; without limit when null.</summary>
    internal long? MemoryLimit { get; init; }

    /// <summary>How long a cell may run; without end when null.</summary>
    internal TimeSpan? CellTimeout { get; init; }

    /// <summary>How long a cell that was asked to stop may take to do so before its process is ended.</summary>
    internal TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>What the limits are measured by.</summary>
    internal TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Whether the first failed cell ends the run.</summary>
    internal bool FailFast { get; init; }

    /// <summary>Whether the executed copies replace the notebooks in which every cell succeeded.</summary>
    internal bool InPlace { get; init; }

    /// <summary>The executed copies' paths, beside the notebooks they are of; two notebooks of one name do not meet.</summary>
    internal IReadOnlyList<NotebookJob> Jobs()
    {
        var taken = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var jobs = new List<NotebookJob>();
        foreach (var notebook in Notebooks)
        {
            var name = Path.GetFileNameWithoutExtension(notebook);
            for (int again = 2; !taken.Add(name); again++)
                name = $"{Path.GetFileNameWithoutExtension(notebook)}-{again}";
            jobs.Add(new NotebookJob(notebook, name, Path.Combine(OutputFolder, name + ".ipynb")));
        }
        return jobs;
    }
}

/// <summary>One notebook to execute, and where its executed copy goes.</summary>
internal sealed record NotebookJob(string Notebook, string Name, string ExecutedCopy);
