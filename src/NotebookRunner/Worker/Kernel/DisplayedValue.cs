using NotebookRunner.Worker;

namespace Microsoft.DotNet.Interactive.Formatting;

/// <summary>What <c>display</c> returns: a handle to what was shown. The kernel's own type of this name.</summary>
/// <param name="value">The value shown.</param>
/// <param name="formattedValues">The value as it was shown.</param>
public class DisplayedValue(object? value, IReadOnlyList<FormattedValue> formattedValues)
{
    /// <summary>Tells displays apart.</summary>
    public string DisplayId { get; } = Guid.NewGuid().ToString();

    /// <summary>Whether <see cref="Update"/> was called.</summary>
    public bool IsUpdated { get; private set; }

    /// <summary>The value as it is shown.</summary>
    public IReadOnlyList<FormattedValue> FormattedValues { get; private set; } =
        formattedValues ?? throw new ArgumentNullException(nameof(formattedValues));

    /// <summary>The value shown.</summary>
    public object? Value { get; private set; } = value;

    /// <summary>Shows another value in the same place, in the MIME types of the first.</summary>
    public void Update(object? updatedValue)
    {
        IsUpdated = true;
        Value = updatedValue;
        FormattedValues = FormattedValue.CreateManyFromObject(updatedValue, [.. FormattedValues.Select(value => value.MimeType)]);
        CellContext.Current?.Update(DisplayId, FormattedValues);
    }
}
