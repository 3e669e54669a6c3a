using System.Text.Json;

namespace NotebookHelpers;

/// <summary>
/// The one figure a lesson is about, such as a test accuracy. Beside HTML and text it carries a small JSON object
/// (<c>{"name": …, "value": …}</c>), from which the runner fills its summary table.
/// </summary>
[TypeFormatterSource(typeof(ViewFormatterSource), PreferredMimeTypes = [Mime.Html, Mime.Headline, Mime.Text])]
public sealed class Headline : View
{
    /// <summary>Names a figure.</summary>
    /// <param name="name">What was measured, such as "Test accuracy".</param>
    /// <param name="value">The value as a reader should see it, with its unit, such as "99.1 %".</param>
    public Headline(string name, string value)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentException.ThrowIfNullOrWhiteSpace(value);
        (Name, Value) = (name, value);
    }

    /// <summary>What was measured.</summary>
    public string Name { get; }

    /// <summary>The value, with its unit.</summary>
    public string Value { get; }

    /// <inheritdoc />
    public override string ToHtml() =>
        $"<p style=\"{Html.Card};display:inline-block;margin:4px 0;padding:6px 14px;border-left:4px solid #0072B2\">" +
        $"{Html.Encode(Name)}: <strong style=\"font-size:1.3em\">{Html.Encode(Value)}</strong></p>";

    /// <inheritdoc />
    public override string ToText() => $"{Name}: {Value}";

    internal override Headline? InSummary => this;

    internal string ToJson() => JsonSerializer.Serialize(new { name = Name, value = Value });
}
