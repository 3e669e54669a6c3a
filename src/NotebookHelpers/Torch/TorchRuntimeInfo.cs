namespace NotebookHelpers;

/// <summary>Where libtorch was loaded from, and how.</summary>
/// <param name="TorchSharpVersion">The version of the TorchSharp package, such as 0.107.0.</param>
/// <param name="NativeLibrary">The full path of the loaded LibTorchSharp library; empty when the system's own search found it.</param>
/// <param name="Patched">Whether that is the patched copy (Linux with an older libstdc++) or the stock library.</param>
/// <param name="Cuda">Whether a CUDA build of libtorch was loaded.</param>
public sealed record TorchRuntimeInfo(string TorchSharpVersion, string NativeLibrary, bool Patched, bool Cuda);
