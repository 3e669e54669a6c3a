using System.Buffers.Binary;
using System.Text;

namespace NotebookHelpers;

/// <summary>
/// Just enough of a 64-bit little-endian ELF shared library to make one of its version needs weak: found through the
/// program and dynamic headers, every offset checked. Layout: the System V gABI and the LSB's symbol versioning
/// (Elf64_Verneed, Elf64_Vernaux).
/// </summary>
internal sealed class ElfImage
{
    private const uint LoadSegment = 1, DynamicSegment = 2;
    private const long StringTable = 5, RelocationTable = 7, RelocationSize = 8, StringTableSize = 10;
    private const long PltRelocationSize = 2, PltRelocationTable = 23;
    private const long VersionNeeds = 0x6ffffffe, VersionNeedCount = 0x6fffffff, SymbolVersions = 0x6ffffff0;
    private const int RelocationEntrySize = 24;
    private const ushort WeakFlag = 0x2;

    private readonly byte[] _bytes;
    private readonly string _name;
    private readonly List<(ulong Address, ulong Offset, ulong Size)> _segments = [];
    private readonly Dictionary<long, ulong> _dynamic = [];

    /// <summary>Reads the headers.</summary>
    /// <param name="bytes">The whole file; changed in place by <see cref="MakeVersionNeedWeak"/>.</param>
    /// <param name="name">What error messages call the file.</param>
    /// <exception cref="InvalidDataException">The bytes are not such a library, or are damaged.</exception>
    internal ElfImage(byte[] bytes, string name)
    {
        _bytes = bytes;
        _name = name;
        ReadHeaders();
    }

    /// <summary>
    /// Sets VER_FLG_WEAK on the need for <paramref name="version"/> of <paramref name="library"/>, so that the dynamic
    /// linker accepts a system that lacks it. Refused when any relocation binds a symbol of that version: then the
    /// library really calls it, and would crash later instead of failing now.
    /// </summary>
    /// <exception cref="InvalidDataException">There is no such need, it is in use, or the file is damaged.</exception>
    internal void MakeVersionNeedWeak(string library, string version)
    {
        var (flagsOffset, versionIndex) = FindVersionNeed(library, version);
        if (IsVersionUsed(versionIndex))
            throw new InvalidDataException(
                $"{_name} calls functions of {version} that this system's {library} does not have, so it cannot run here. " +
                "Use a distribution with GCC 13.2's libstdc++ or newer (Debian 13, Ubuntu 24.04).");
        var flags = (ushort)(ReadUInt16(flagsOffset) | WeakFlag);
        BinaryPrimitives.WriteUInt16LittleEndian(Span(flagsOffset, 2), flags);
    }

    private void ReadHeaders()
    {
        if (_bytes.Length < 64 || !_bytes.AsSpan(0, 4).SequenceEqual("\u007fELF"u8))
            throw Damaged("it does not begin with an ELF header");
        if (_bytes[4] != 2 || _bytes[5] != 1)
            throw Damaged("it is not a 64-bit little-endian ELF file");

        var programHeaders = ReadUInt64(32);
        int entrySize = ReadUInt16(54), count = ReadUInt16(56);
        if (count > 0 && entrySize < 56)
            throw Damaged($"its program headers are {entrySize} bytes each, not 56");
        (ulong Offset, ulong Size)? dynamic = null;
        for (var i = 0; i < count; i++)
        {
            var header = programHeaders + (ulong)(i * entrySize);
            var (type, offset, address, size) =
                (ReadUInt32(header), ReadUInt64(header + 8), ReadUInt64(header + 16), ReadUInt64(header + 32));
            if (type == LoadSegment)
                _segments.Add((address, offset, size));
            else if (type == DynamicSegment)
                dynamic = (offset, size);
        }
        if (dynamic is not { } table)
            throw Damaged("it has no dynamic section");
        for (ulong at = 0; at + 16 <= table.Size; at += 16)
        {
            var tag = (long)ReadUInt64(table.Offset + at);
            if (tag == 0)
                break;
            _dynamic[tag] = ReadUInt64(table.Offset + at + 8);
        }
    }

    private (ulong FlagsOffset, ushort VersionIndex) FindVersionNeed(string library, string version)
    {
        if (_dynamic.ContainsKey(VersionNeeds))
        {
            var need = FileOffset(VersionNeeds);
            for (ulong i = 0, count = Dynamic(VersionNeedCount); i < count; i++)
            {
                if (ReadString(ReadUInt32(need + 4)) == library)
                {
                    var entry = need + ReadUInt32(need + 8);
                    for (int j = 0, entries = ReadUInt16(need + 2); j < entries; j++)
                    {
                        if (ReadString(ReadUInt32(entry + 8)) == version)
                            return (entry + 4, ReadUInt16(entry + 6));
                        entry += NextOffset(entry + 12, j + 1 < entries);
                    }
                }
                need += NextOffset(need + 12, i + 1 < count);
            }
        }
        throw new InvalidDataException(
            $"{_name} has no need for {version} of {library}, so making that need weak cannot help it to load. " +
            "It is not the library this cure was written for.");
    }

    private bool IsVersionUsed(ushort versionIndex)
    {
        var versions = FileOffset(SymbolVersions);
        return Uses(RelocationTable, RelocationSize) || Uses(PltRelocationTable, PltRelocationSize);

        bool Uses(long tableTag, long sizeTag)
        {
            if (!_dynamic.ContainsKey(tableTag))
                return false;
            var table = FileOffset(tableTag);
            for (ulong at = 0, size = Dynamic(sizeTag); at + RelocationEntrySize <= size; at += RelocationEntrySize)
            {
                var symbol = ReadUInt64(table + at + 8) >> 32;
                if (symbol != 0 && (ReadUInt16(versions + symbol * 2) & 0x7fff) == versionIndex)
                    return true;
            }
            return false;
        }
    }

    private ulong NextOffset(ulong at, bool needed)
    {
        var next = ReadUInt32(at);
        return next == 0 && needed ? throw Damaged("its list of version needs ends too early") : next;
    }

    private ulong Dynamic(long tag) =>
        _dynamic.TryGetValue(tag, out var value) ? value : throw Damaged($"its dynamic section lacks entry 0x{tag:x}");

    private ulong FileOffset(long tag)
    {
        var address = Dynamic(tag);
        foreach (var segment in _segments)
            if (address >= segment.Address && address - segment.Address < segment.Size)
                return segment.Offset + (address - segment.Address);
        throw Damaged($"address 0x{address:x} lies in none of its segments");
    }

    private string ReadString(uint index)
    {
        if (index >= Dynamic(StringTableSize))
            throw Damaged($"a name at {index} lies outside its string table");
        var start = FileOffset(StringTable) + index;
        _ = Span(start, 1);   // or it lies outside the file
        var rest = _bytes.AsSpan((int)start);
        var length = rest.IndexOf((byte)0);
        return length >= 0 ? Encoding.UTF8.GetString(rest[..length]) : throw Damaged("a name does not end");
    }

    private ushort ReadUInt16(ulong at) => BinaryPrimitives.ReadUInt16LittleEndian(Span(at, 2));

    private uint ReadUInt32(ulong at) => BinaryPrimitives.ReadUInt32LittleEndian(Span(at, 4));

    private ulong ReadUInt64(ulong at) => BinaryPrimitives.ReadUInt64LittleEndian(Span(at, 8));

    private Span<byte> Span(ulong at, int length)
    {
        var end = (ulong)_bytes.Length;
        return at <= end && (ulong)length <= end - at
            ? _bytes.AsSpan((int)at, length)
            : throw Damaged($"it ends at byte {end}, but its headers point to byte {at}");
    }

    private InvalidDataException Damaged(string what) =>
        new($"{_name} is not a usable shared library: {what}. Delete its NuGet package folder and restore again.");
}
