namespace NotebookRunner.Tests.Shared;

public sealed class WholeFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Target => _folder.File("file");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_is_in_use_for_a_moment_is_written_all_the_same()
    {
        await InUse.ForAMoment(Target, clock => WholeFile.Write(Target, "new"u8, clock: clock));

        Assert.Equal("new", File.ReadAllText(Target));
        Assert.Equal([Target], Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public async Task What_is_in_use_for_a_moment_is_deleted_all_the_same()
    {
        await InUse.ForAMoment(Target, clock => WholeFile.Delete(Target, clock));

        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public async Task What_is_in_use_for_a_moment_is_replaced_by_a_moved_file_all_the_same()
    {
        var from = _folder.File("from");
        File.WriteAllText(from, "new");

        await InUse.ForAMoment(Target, clock => WholeFile.Move(from, Target, clock));

        Assert.Equal("new", File.ReadAllText(Target));
        Assert.Equal([Target], Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void What_stays_in_use_is_an_error_and_leaves_nothing_behind()
    {
        Directory.CreateDirectory(Target);

        var clock = new CountingClock { Step = TimeSpan.FromSeconds(0.9) };
        Assert.ThrowsAny<SystemException>(() => WholeFile.Write(Target, "new"u8, clock: clock));

        Assert.Equal(4, clock.Looks); // as it begins, and after each of three tries
        Assert.Empty(Directory.GetFiles(_folder.Path));
        Assert.True(Directory.Exists(Target));
    }

    [Theory, InlineData("named pipe"), InlineData("socket"), InlineData("device")]
    public void What_is_no_file_is_not_replaced(string kind)
    {
        using var thing = new NotAFile(kind, Target);

        Assert.Contains("is not replaced", Assert.Throws<IOException>(() => WholeFile.Write(Target, "new")).Message);

        Assert.False(PlainFile.Is(Target));
        Assert.Equal([Target], Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void The_older_file_is_kept_and_one_that_has_gone_already_is_no_error()
    {
        var older = _folder.File("older");
        WholeFile.Write(Target, "1"u8, older);
        Assert.False(File.Exists(older));

        WholeFile.Write(Target, "2"u8, older);
        Assert.Equal(("2", "1"), (File.ReadAllText(Target), File.ReadAllText(older)));

        // As Windows leaves it when its replacing ends between the two steps.
        File.Move(Target, older, overwrite: true);
        WholeFile.Write(Target, "3"u8, older);
        Assert.Equal(("3", "2"), (File.ReadAllText(Target), File.ReadAllText(older)));
    }

    [Fact]
    public void Half_written_files_go_when_their_writer_has_gone()
    {
        var (living, gone) = ($".{Environment.ProcessId}-{Guid.NewGuid():n}.tmp", $".{int.MaxValue}-{Guid.NewGuid():n}.tmp");
        var own = $"file.{int.MaxValue}.tmp"; // a reader's own file
        foreach (var name in new[] { "file" + living, "file" + gone, "other" + gone, "*" + gone, own })
            if (!OperatingSystem.IsWindows() || !name.StartsWith('*'))
                File.WriteAllText(_folder.File(name), "half");

        WholeFile.RemoveAbandoned(_folder.File("*")); // a name, not a pattern
        AreLeft(own, "file" + gone, "file" + living, "other" + gone);
        WholeFile.RemoveAbandoned(Target);
        AreLeft(own, "file" + living, "other" + gone);
        WholeFile.RemoveAllAbandoned(_folder.Path);
        AreLeft(own, "file" + living);
        Assert.True(WholeFile.IsRunning(Environment.ProcessId));
        Assert.False(WholeFile.IsRunning(int.MaxValue));
    }

    [Theory]
    [InlineData('a', 255)]
    [InlineData('漢', 85)] // three bytes each on Unix
    public void The_longest_name_that_a_file_may_have_is_written(char letter, int length)
    {
        var file = _folder.File(new string(letter, length));

        WholeFile.Write(file, "new");

        Assert.Equal("new", File.ReadAllText(file));
        Assert.Single(Names());
    }

    [Theory]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.UserWrite)]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupWrite)]
    public void The_older_files_permissions_stay(UnixFileMode mode)
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no such modes; its files inherit from their folder.");
            return;
        }
        File.WriteAllText(Target, "old");
        File.SetUnixFileMode(Target, mode);

        WholeFile.Write(Target, "new");

        Assert.Equal(mode, File.GetUnixFileMode(Target));
    }

    [Fact]
    public void The_systems_own_processes_are_running_and_no_error()
    {
        // Process 4 is Windows' kernel, which no user may look at; process 1 is the first one elsewhere.
        Assert.True(WholeFile.IsRunning(OperatingSystem.IsWindows() ? 4 : 1));
    }

    private void AreLeft(params string[] names) => Assert.Equal(names.Order(StringComparer.Ordinal), Names());

    private IEnumerable<string?> Names() => Directory.GetFiles(_folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal);
}
