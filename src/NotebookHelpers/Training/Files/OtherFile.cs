using System.Buffers;
using System.Text;

namespace NotebookHelpers;

/// <summary>Files that people take for weights in safetensors, told by how they begin, and what to do about each.</summary>
internal static class OtherFile
{
    private const int LongestAnswer = 200;
    private const string FromPython = "load it where it comes from and save it again with safetensors.torch.save_file";

    private static readonly SearchValues<byte> NameBytes =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._"u8);

    private static readonly (byte[] Start, string What)[] Signatures =
    [
        ([.. "PK\x03\x04"u8], $"a zip archive, as torch.save writes .pt and .pth files, NumPy .npz and Keras .keras: {FromPython}"),
        ([.. "PK\x05\x06"u8], "an empty zip archive"),
        ([.. "version https://git-lfs"u8], "a Git LFS pointer, a few lines that stand for the real file: get that one with 'git lfs pull'"),
        ([0x1f, 0x8b], "compressed by gzip: unpack it first, with 'gunzip'"),
        ([0x28, 0xb5, 0x2f, 0xfd], "compressed by zstd: unpack it first"),
        ([.. "BZh"u8], "compressed by bzip2: unpack it first"),
        ([0xfd, .. "7zXZ"u8], "compressed by xz: unpack it first"),
        ([.. "7z"u8, 0xbc, 0xaf], "a 7z archive: unpack it first"),
        ([0x89, .. "HDF\r\n"u8], "an HDF5 file, as Keras writes .h5: load it in Keras and save the arrays with safetensors"),
        ([0x93, .. "NUMPY"u8], $"a NumPy array: {FromPython}"),
        ([.. "GGUF"u8], "a GGUF file, as llama.cpp reads it: take the model's safetensors file"),
    ];

    /// <summary>What the file is, as the end of a sentence that begins "it is"; null when that is not known.</summary>
    internal static string? Recognize(ReadOnlySpan<byte> file)
    {
        if (file.IsEmpty)
            return "an empty file: a download or a copy was stopped before its first byte; get it again";
        foreach (var (start, what) in Signatures)
            if (file.StartsWith(start))
                return what;
        var text = Encoding.UTF8.GetString(file[..Math.Min(file.Length, 1024)]).TrimStart('\ufeff', ' ', '\t', '\r', '\n');
        return text switch
        {
            _ when StartsWith(text, "<!doctype html", "<html", "<head", "<body") =>
                "a web page (HTML), not the file that the page offers: download that one (its address often has 'raw' or 'resolve' in it)",
            _ when StartsWith(text, "<?xml", "<") => "XML text: perhaps a server's error message in place of the file; download it again",
            ['{', ..] or ['[', ..] => "JSON text: an index such as model.safetensors.index.json names the files that hold the weights",
            _ when IsPickle(file) => $"a Python pickle, as older versions of torch.save wrote it: {FromPython}",
            _ when IsTorchSharp(file) =>
                "TorchSharp's own format, as a module's save writes it: load it with the module's load, then save with SafeTensors.Save",
            _ when IsTar(file) => "a tar archive: unpack it first",
            _ when IsAnswer(file) => $"the text “{text.TrimEnd()}”, perhaps a server's answer in place of the file: download it again",
            _ when IsOnnx(file) => "an ONNX model: its weights have other names there; take the safetensors file, or export one",
            _ => null,
        };
    }

    private static bool StartsWith(string text, params ReadOnlySpan<string> starts)
    {
        foreach (var start in starts)
            if (text.StartsWith(start, StringComparison.OrdinalIgnoreCase))
                return true;
        return false;
    }

    // Protocols 2 to 5 begin with 0x80 and their number, and every pickle ends with a full stop.
    private static bool IsPickle(ReadOnlySpan<byte> file) =>
        file is [0x80, >= 2 and <= 5, ..] or [(byte)'(' or (byte)']' or (byte)'}', .., (byte)'.'];

    // How many entries, then for each the length of its name, the name (conv1.weight), its type, its shape, its values.
    private static bool IsTorchSharp(ReadOnlySpan<byte> file) => file is [> 0, > 0 and < 128 and var length, .. var rest]
        && length < rest.Length && !rest[..length].ContainsAnyExcept(NameBytes) && !NameBytes.Contains(rest[length]);

    private static bool IsTar(ReadOnlySpan<byte> file) => file.Length > 262 && file[257..262].SequenceEqual("ustar"u8);

    // "Entry not found", "Invalid username or password.": short, and nothing but printable ASCII.
    private static bool IsAnswer(ReadOnlySpan<byte> file) =>
        file.Length is >= 8 and <= LongestAnswer && !file.TrimEnd("\r\n"u8).ContainsAnyExceptInRange((byte)' ', (byte)'~');

    // A protobuf whose first field is the version of the format, a small number, and the second a name or a graph.
    private static bool IsOnnx(ReadOnlySpan<byte> file) => file is [0x08, > 0 and < 32, 0x12 or 0x1a or 0x22 or 0x32 or 0x3a or 0x42, ..];
}
