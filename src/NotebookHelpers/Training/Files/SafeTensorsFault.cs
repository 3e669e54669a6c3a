namespace NotebookHelpers;

/// <summary>What keeps bytes from being a safetensors file, as the format's own library tells them apart.</summary>
internal enum SafeTensorsFault
{
    /// <summary>Fewer than the eight bytes of a header's length.</summary>
    HeaderTooSmall,

    /// <summary>A header longer than the format allows.</summary>
    HeaderTooLarge,

    /// <summary>A header longer than the file.</summary>
    HeaderBeyondFile,

    /// <summary>A header that is no JSON, or not of the shape that the format describes.</summary>
    InvalidHeader,

    /// <summary>A dtype that the format does not know.</summary>
    UnknownType,

    /// <summary>A dtype that the format knows and this library has not.</summary>
    UnsupportedType,

    /// <summary>A shape or a size beyond what can be counted or held.</summary>
    Overflow,

    /// <summary>A place that is not as long as the shape and the dtype ask for.</summary>
    SizeMismatch,

    /// <summary>Places that overlap or leave a gap.</summary>
    InvalidOffset,

    /// <summary>A name that is there twice.</summary>
    DuplicateName,

    /// <summary>More or fewer bytes than the header describes.</summary>
    IncompleteBuffer,
}

/// <summary>Bytes that are no safetensors file.</summary>
/// <param name="fault">Of which kind.</param>
/// <param name="message">What was expected and what was found, without a full stop.</param>
/// <param name="inner">What was caught.</param>
internal sealed class SafeTensorsException(SafeTensorsFault fault, string message, Exception? inner = null) : Exception(message, inner)
{
    internal SafeTensorsFault Fault => fault;
}
