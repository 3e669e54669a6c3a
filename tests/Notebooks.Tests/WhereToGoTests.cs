namespace Notebooks.Tests;

/// <summary>What the last lesson shows, against the papers' and torchvision's published numbers.</summary>
public sealed class WhereToGoTests(QuickRun run)
{
    private const string Name = "10-where-to-go.ipynb";

    [Theory]
    [InlineData("LeNet-5", "61706")]
    [InlineData("AlexNet", "61100840")]
    [InlineData("VGG-16", "138357544")]
    [InlineData("GoogLeNet", "6998552")]
    [InlineData("ResNet-18", "11689512")]
    public void Each_network_has_its_published_number_of_parameters(string network, string parameters)
    {
        var row = Assert.Single(run.Lines(Name, "where-family-code"), line => line.StartsWith(network, StringComparison.Ordinal));
        Assert.EndsWith(parameters, row.TrimEnd().Replace(",", ""));
    }
}
