using System.Globalization;

namespace NotebookHelpers;

/// <summary>Times in words.</summary>
internal static class Duration
{
    /// <summary>Minutes and seconds, such as 4:05; before them hours, where there are any, however many: 30:00:00.</summary>
    internal static string Of(TimeSpan time) => time.TotalHours >= 1
        ? string.Create(CultureInfo.InvariantCulture, $@"{(long)time.TotalHours}:{time:mm\:ss}")
        : time.ToString(@"m\:ss", CultureInfo.InvariantCulture);
}
