using NotebookRunner.Host;
using NotebookRunner.Tests.Shared;

namespace NotebookRunner.Tests.Host;

public sealed class RunFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private NotebookJob Job => new("/notebooks/a.ipynb", "a", _folder.File("a.ipynb"));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Two_runs_write_apart_and_what_ends_last_stays_whole()
    {
        using (var one = new RunFolder(_folder.Path))
        using (var other = new RunFolder(_folder.Path))
        {
            File.WriteAllText(one.CopyOf(Job), "one");
            File.WriteAllText(other.CopyOf(Job), "other");
            Assert.False(File.Exists(Job.ExecutedCopy));

            other.Publish(Job);
            Assert.Equal("other", File.ReadAllText(Job.ExecutedCopy));
            one.Publish(Job);
            Assert.Equal("one", File.ReadAllText(Job.ExecutedCopy));
        }
        Assert.Equal([Job.ExecutedCopy], Entries());
    }

    [Fact]
    public void An_older_copy_goes_when_the_run_made_none()
    {
        File.WriteAllText(Job.ExecutedCopy, "old");
        using var run = new RunFolder(_folder.Path);

        run.Publish(Job);

        Assert.False(File.Exists(Job.ExecutedCopy));
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task A_place_that_is_in_use_for_a_moment_is_waited_for(bool made)
    {
        using (var run = new RunFolder(_folder.Path))
        {
            if (made)
                File.WriteAllText(run.CopyOf(Job), "new");
            await InUse.ForAMoment(Job.ExecutedCopy, clock => run.Publish(Job, clock));
        }

        Assert.Equal(made ? [Job.ExecutedCopy] : [], Entries());
    }

    [Theory]
    [InlineData("locked", -1, "left")]
    [InlineData("locked", 1, "older")]
    [InlineData("", -1, "left")] // written by a worker that outlived its host for a moment
    public void What_a_killed_run_left_is_found_by_the_next_one_unless_something_newer_is_there(string file, int hours, string expected)
    {
        var left = Directory.CreateDirectory(_folder.File($".run-{int.MaxValue}-0")).FullName;
        if (file.Length > 0)
            File.WriteAllText(Path.Combine(left, "lock"), "");
        File.WriteAllText(Path.Combine(left, "a.ipynb"), "left");
        File.WriteAllText(Path.Combine(left, $"a.ipynb.{int.MaxValue}-0.tmp"), "ha");
        File.WriteAllText(Job.ExecutedCopy, "older");
        File.SetLastWriteTimeUtc(Job.ExecutedCopy, DateTime.UtcNow.AddHours(hours));

        using (new RunFolder(_folder.Path))
            Assert.Equal(expected, File.ReadAllText(Job.ExecutedCopy));

        Assert.Equal([Job.ExecutedCopy], Entries());
    }

    [Fact]
    public void A_run_that_goes_on_keeps_its_folder()
    {
        using var run = new RunFolder(_folder.Path);
        File.WriteAllText(run.CopyOf(Job), "half");

        RunFolder.PublishAbandoned(_folder.Path);

        Assert.Equal("half", File.ReadAllText(run.CopyOf(Job)));
        Assert.False(File.Exists(Job.ExecutedCopy));
    }

    [Fact]
    public void A_run_that_is_about_to_begin_is_left_alone()
    {
        var empty = Directory.CreateDirectory(_folder.File($".run-{int.MaxValue}-0")).FullName;

        RunFolder.PublishAbandoned(_folder.Path);

        Assert.True(Directory.Exists(empty));
    }

    [Fact]
    public void A_run_whose_process_runs_keeps_its_folder_where_locks_do_not_hold()
    {
        var first = OperatingSystem.IsWindows() ? 4 : 1; // the system's own process
        var copy = Path.Combine(Directory.CreateDirectory(_folder.File($".run-{first}-0")).FullName, "a.ipynb");
        File.WriteAllText(copy, "half");

        RunFolder.PublishAbandoned(_folder.Path);

        Assert.Equal("half", File.ReadAllText(copy));
        Assert.False(File.Exists(Job.ExecutedCopy));
    }

    private string[] Entries() => Directory.GetFileSystemEntries(_folder.Path);
}
