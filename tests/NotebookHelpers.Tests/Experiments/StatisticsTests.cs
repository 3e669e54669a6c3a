namespace NotebookHelpers.Tests.Experiments;

public sealed class StatisticsTests
{
    /// <summary>From printed tables of Student's distribution, two-sided.</summary>
    [Theory]
    [InlineData(0.95, 1, 12.706)]
    [InlineData(0.95, 2, 4.303)]
    [InlineData(0.95, 4, 2.776)]
    [InlineData(0.95, 9, 2.262)]
    [InlineData(0.95, 30, 2.042)]
    [InlineData(0.95, 120, 1.980)]
    [InlineData(0.99, 4, 4.604)]
    [InlineData(0.90, 10, 1.812)]
    [InlineData(0.99, 1, 63.657)]
    [InlineData(0.95, 600, 1.964)]
    [InlineData(0.95, 700, 1.963)]
    [InlineData(0.95, 1e7, 1.960)]
    [InlineData(0.95, 1e9, 1.960)]
    [InlineData(0.999, 1e9, 3.2905)]
    public void T_is_that_of_the_tables(double confidence, double degrees, double expected) =>
        Assert.Equal(expected, StudentT.TwoSided(confidence, degrees), 0.0006);

    [Fact]
    public void An_interval_by_hand()
    {
        // 2, 4, 6: mean 4, variance (4 + 0 + 4) / 2 = 4, half width 4.303 · 2 / √3
        var estimate = Estimate.Of([2, 4, 6]);

        Assert.Equal(4, estimate.Mean, 1e-12);
        Assert.Equal(2, estimate.StandardDeviation, 1e-12);
        Assert.Equal(4.9686, estimate.HalfWidth, 0.001);
    }

    [Fact]
    public void One_value_has_no_interval_and_none_no_mean()
    {
        Assert.True(double.IsNaN(Estimate.Of([3]).HalfWidth));
        Assert.Throws<ArgumentException>(() => Estimate.Of([]));
        Assert.Throws<ArgumentOutOfRangeException>(() => StudentT.TwoSided(95, 4));
        Assert.Throws<ArgumentOutOfRangeException>(() => Estimate.Of([3], confidence: 95));
        Assert.Throws<ArgumentOutOfRangeException>(() => Estimate.OfDifference([3], [4], confidence: 0));
    }
}
