using System.Text.Json.Serialization;

namespace NotebookRunner.Protocol;

/// <summary>How a cell ended.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<CellStatus>))]
internal enum CellStatus
{
    Succeeded,
    Failed,
    Cancelled,
    Skipped,
}
