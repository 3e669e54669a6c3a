namespace NotebookHelpers;

/// <summary>
/// Which jobs of a results file are at work, so that several processes on one file never do the same one: a file for each job,
/// held open by its process, in a folder beside the results. What a killed process leaves is held by nobody.
/// </summary>
internal sealed class JobClaims(string results) : IDisposable
{
    private readonly string _folder = Path.GetFullPath(results) + ".claims";

    /// <summary>Takes a job, until what is returned is disposed; null when another process has it.</summary>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    internal IDisposable? Take(ExperimentJob job)
    {
        for (var attempt = 1; ; attempt++)
            try
            {
                Directory.CreateDirectory(_folder);
                var file = Path.Combine(_folder, job.Id);
                return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
            }
            catch (IOException exception) when (ResultsFile.IsSharing(exception))
            {
                return null;
            }
            catch (DirectoryNotFoundException) when (attempt < 100)
            {
                // Another process has just removed the empty folder.
            }
    }

    /// <summary>Removes the folder, once nobody has a claim.</summary>
    public void Dispose()
    {
        try
        {
            Directory.Delete(_folder);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Not empty, or gone.
        }
    }
}
