using System.Globalization;

namespace NotebookHelpers;

/// <summary>A data set's training and test images; shown by a cell, it says what it is, loudly when it is only the sample.</summary>
[TypeFormatterSource(typeof(ViewFormatterSource), PreferredMimeTypes = [Mime.Html, Mime.Headline, Mime.Text])]
public sealed class DigitData : View
{
    private readonly string _whySample, _difference;

    private DigitData(string name, DigitSet train, DigitSet test, bool isVerified, bool isSample, string whySample = "",
        string difference = "")
    {
        (Name, Train, Test, IsVerified, IsSample) = (name, train, test, isVerified, isSample);
        (_whySample, _difference) = (whySample, difference);
    }

    /// <summary>A set with the published checksums.</summary>
    internal static DigitData Verified(string name, DigitSet train, DigitSet test) =>
        new(name, train, test, isVerified: true, isSample: false);

    /// <summary>The embedded sample.</summary>
    internal static DigitData Sample(string name, DigitSet train, DigitSet test) =>
        new(name, train, test, isVerified: true, isSample: true);

    /// <summary>A set that is not known here, with words on how it differs from the nearest known one.</summary>
    internal static DigitData OfOnesOwn(string name, DigitSet train, DigitSet test, string difference) =>
        new(name, train, test, isVerified: false, isSample: false, difference: difference);

    /// <summary>The data set's name: MNIST, Fashion-MNIST, the folder's name for a set of one's own, or "sample digits".</summary>
    public string Name { get; }

    /// <summary>The images to learn from.</summary>
    public DigitSet Train { get; }

    /// <summary>The images to judge by, once, at the end.</summary>
    public DigitSet Test { get; }

    /// <summary>All images, those to learn from first: to judge a network that has learnt from another data set.</summary>
    public DigitSet All => DigitSet.Together(Train, Test);

    /// <summary>Whether the content has the published SHA-256 checksums; the embedded sample always has its own.</summary>
    public bool IsVerified { get; }

    /// <summary>Whether this is the embedded sample of 5,000 digits that stands in for MNIST.</summary>
    public bool IsSample { get; }

    /// <summary>
    /// The article's protocol: all images permuted, as many as the test set has taken from the front for testing (10,000 of
    /// MNIST's 70,000), the others for training. Published results use the official split instead, which this set has as loaded.
    /// </summary>
    /// <param name="seed">Decides the permutation.</param>
    public DigitData Shuffled(int seed)
    {
        var order = Permutation.Of(Train.Count + Test.Count, seed);
        var (train, test) = DigitSet.Divide(Train, Test, order, Test.Count);
        return new DigitData(Name, train, test, IsVerified, IsSample, _whySample, _difference);
    }

    internal DigitData AsStandIn(string whySample) => new(Name, Train, Test, IsVerified, isSample: true, whySample);

    /// <inheritdoc />
    public override string ToText() => IsSample ? $"*** {Banner} ***\n{Advice}\n{Summary}" : Summary;

    /// <inheritdoc />
    public override string ToHtml()
    {
        var banner = IsSample
            ? "<div role=\"alert\" style=\"background:#8b1a1a;color:#fff;border-radius:4px;padding:0.8em 1em;margin:0.5em 0\">" +
              $"<strong style=\"font-size:1.3em\">{Html.Encode(Banner)}</strong><br>{Html.Encode(Advice)}</div>"
            : "";
        return $"{banner}<p>{Html.Encode(Summary)}</p>";
    }

    // So that a run's summary says too what its figures were measured on.
    internal override Headline? InSummary => new("Data", IsSample ? Banner : Name);

    private string Banner => string.Create(CultureInfo.InvariantCulture,
        $"These are {Train.Count + Test.Count:N0} sample digits, not MNIST.");

    private string Advice =>
        "The lessons' figures are MNIST's; expect other ones here. To get MNIST, connect to the network and run this cell again, or put " +
        $"{string.Join(", ", DigitFileName.Usual)} (each with or without .gz) into the folder data/mnist, or set the environment " +
        $"variable WORKBOOK_DATA to the folder that holds them.{(_whySample.Length > 0 ? " Why: " + _whySample : "")}";

    private string Summary => string.Create(CultureInfo.InvariantCulture,
        $"{Name}: {Train.Count:N0} training and {Test.Count:N0} test images of {Train.Height}×{Train.Width} pixels " +
        $"in {Train.Classes.Count} classes; {Origin}");

    private string Origin => IsSample ? "embedded in the workbook."
        : IsVerified ? "checksums verified."
        : $"a set of your own: its checksums are of no set known here; {_difference}.";
}
