using CsCheck;

namespace NotebookHelpers.Tests.Models.Fast;

public sealed class MemoryWalkTests
{
    [Fact]
    public void The_sum_is_that_of_every_step_th_number() => Gen.Select(
        Gen.Int[-9, 9].Array[0, 50], Gen.Int[1, 20]).Sample((numbers, step) =>
            Assert.Equal(numbers.Where((_, at) => at % step == 0).Sum(), MemoryWalk.Sum(numbers, step)));

    [Fact]
    public void A_step_of_nothing_is_refused() => Assert.Throws<ArgumentOutOfRangeException>(() => MemoryWalk.Sum([1], 0));
}
