namespace NotebookRunner.Host;

/// <summary>The runner's exit codes.</summary>
internal static class ExitCodes
{
    /// <summary>All went well.</summary>
    internal const int Success = 0;

    /// <summary>Bad usage, or a file that cannot be read.</summary>
    internal const int Usage = 1;

    /// <summary>A cell failed, a finding, an interrupt, or what came of it could not be written.</summary>
    internal const int Failure = 2;
}
