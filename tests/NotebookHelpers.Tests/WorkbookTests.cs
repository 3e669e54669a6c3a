using NotebookHelpers.Tests.Training;
using TorchSharp;

namespace NotebookHelpers.Tests;

[Collection(TorchAlone.Name)]
public sealed class WorkbookTests
{
    [Fact]
    public void StartSeedsTorchSoThatDrawsRepeat()
    {
        Workbook.Start(seed: 7);
        using var first = torch.rand(5);
        Workbook.Start(seed: 7);
        using var again = torch.rand(5);
        Assert.Equal(first.data<float>().ToArray(), again.data<float>().ToArray());
        Assert.Equal(7, Workbook.Seed);
    }

    [Fact]
    public void HereIsAPackageSoTorchIsThereAndAskingIsFree()
    {
        Assert.True(Workbook.HasTorch);
        Assert.Equal(Workbook.Start().ToText(), Workbook.Start(torchIsOptional: true).ToText());
    }

    [Theory]
    [InlineData(null, "full", 20)]
    [InlineData("full", "full", 20)]
    [InlineData("Quick", "quick", 1)]
    public void TheProfileChooses(string? variable, string profile, int epochs) => WithProfile(variable, () =>
    {
        Assert.Equal(profile, Workbook.Profile);
        Assert.Equal(epochs, Workbook.Choose(full: 20, quick: 1));
    });

    [Fact]
    public void AnUnknownProfileIsRefusedByName() => WithProfile("fast", () =>
        Assert.Contains("'fast'", Assert.Throws<InvalidOperationException>(() => Workbook.Profile).Message));

    [Fact]
    public void TheRootHoldsTheSolution() => Assert.True(File.Exists(Path.Combine(Workbook.Root, "Workbook.slnx")));

    [Fact]
    public void TheHostsTokenIsTaken()
    {
        using var source = new CancellationTokenSource();
        AppContext.SetData("NotebookRunner.Cancellation", (Func<CancellationToken>)(() => source.Token));
        try
        {
            source.Cancel();
            Assert.True(Workbook.Cancellation.IsCancellationRequested);
        }
        finally
        {
            AppContext.SetData("NotebookRunner.Cancellation", null);
        }
        Assert.False(Workbook.Cancellation.CanBeCanceled);
    }

    private static void WithProfile(string? value, Action test)
    {
        var before = Environment.GetEnvironmentVariable("WORKBOOK_PROFILE");
        Environment.SetEnvironmentVariable("WORKBOOK_PROFILE", value);
        try
        {
            test();
        }
        finally
        {
            Environment.SetEnvironmentVariable("WORKBOOK_PROFILE", before);
        }
    }
}
