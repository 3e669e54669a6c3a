using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using CsCheck;
using TorchSharp;
using static TorchSharp.torch;

namespace NotebookHelpers.Tests.Training;

[Collection(TorchAlone.Name)]
public sealed class SafeTensorsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static byte[] Bytes(nn.Module model) => SafeTensors.Serialize(model.state_dict(), new Dictionary<string, string>());

    /// <summary>A file of a header and values, written here by the format's own description.</summary>
    private static byte[] Whole(string json, params byte[] values)
    {
        var header = Encoding.UTF8.GetBytes(json);
        var length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
        return [.. length, .. header, .. values];
    }

    /// <summary>The values 1, −2 and 0.5 in each type, as IEEE 754 and two's complement write them.</summary>
    [Theory]
    [InlineData("F16", "003c00c00038")]
    [InlineData("BF16", "803f00c0003f")]
    [InlineData("F64", "000000000000f03f00000000000000c0000000000000e03f")]
    [InlineData("F32", "0000803f000000c00000003f")]
    public void Floats_of_another_size_are_cast_to_the_models_and_it_is_said(string type, string hexadecimal)
    {
        var values = Convert.FromHexString(hexadecimal);
        var file = Whole($$"""{"weight":{"dtype":"{{type}}","shape":[1,3],"data_offsets":[0,{{values.Length}}] } }""", values);
        using var model = nn.Linear(3, 1, hasBias: false);

        var said = SafeTensors.Load("a file", model, file);

        Assert.Equal([1f, -2f, 0.5f], model.weight.data<float>().ToArray());
        Assert.Equal(ScalarType.Float32, model.weight.dtype);
        var name = type switch { "F16" => "Float16", "BF16" => "BFloat16", _ => "Float64" };
        Assert.Equal(type == "F32" ? null : $"a file: of 1 tensors, 1 from {name} to Float32 were cast, as load_state_dict does.", said);
    }

    [Theory, InlineData("named pipe"), InlineData("socket"), InlineData("device")]
    public void What_is_no_file_is_refused_at_once(string kind)
    {
        using var model = nn.Linear(3, 1);
        using var thing = new NotAFile(kind, _folder.File("weights.safetensors"));

        foreach (var load in new Action<string>[] { path => SafeTensors.Load(path, model), path => TrainingHistory.Load(path) })
            Assert.Contains(kind, NotAFile.Refused<InvalidDataException>(() => load(_folder.File("weights.safetensors"))).Message);
    }

    [Fact]
    public void Counts_of_another_type_are_cast_too()
    {
        using var model = nn.BatchNorm1d(1);
        using var halves = nn.BatchNorm1d(1).half();
        halves.state_dict()["num_batches_tracked"].fill_(7);
        var path = _folder.File("halves.safetensors");
        SafeTensors.Save(path, halves);

        SafeTensors.Load(path, model);

        Assert.Equal(7, model.state_dict()["num_batches_tracked"].item<long>());
        Assert.All(model.parameters(), parameter => Assert.Equal(ScalarType.Float32, parameter.dtype));
    }

    [Theory]
    [InlineData("U16", 16)]
    [InlineData("U32", 32)]
    [InlineData("U64", 64)]
    [InlineData("C64", 64)]
    [InlineData("F8_E4M3", 8)]
    [InlineData("F8_E5M2", 8)]
    [InlineData("F8_E8M0", 8)]
    [InlineData("F6_E2M3", 6)]
    [InlineData("F4", 4)]
    public void A_type_that_the_format_knows_and_this_library_has_not_is_named(string type, int bits)
    {
        var file = Whole($$"""{"a":{"dtype":"{{type}}","shape":[8],"data_offsets":[0,{{bits}}] } }""", new byte[bits]);
        var (message, fault) = Refused(file);
        Assert.Contains($"a has the dtype {type}", message);
        Assert.Contains("a type that this library has not", message);
        Assert.DoesNotContain("not a whole", message);
        Assert.Equal(SafeTensorsFault.UnsupportedType, fault);
    }

    [Theory]
    [InlineData("""{"__metadata__":null,"weight":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""")]
    [InlineData("""{"__metadata__":{},"weight":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}   """)]
    [InlineData("""{"weight":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""")]
    public void No_texts_are_as_good_as_none(string header)
    {
        using var scope = NewDisposeScope();
        var (tensors, texts) = SafeTensors.Deserialize(Whole(header, 0, 0, 0x80, 0x3f), "a file");
        Assert.Equal(1f, tensors["weight"].item<float>());
        Assert.Empty(texts);
    }

    [Theory]
    [InlineData("""{"a":{"dtype":"F3","shape":[1],"data_offsets":[0,4]}}""", "UnknownType")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}""", "SizeMismatch")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}""", "Overflow")]
    [InlineData("""{"a":{"dtype":"F4","shape":[9],"data_offsets":[0,4]}}""", "Overflow")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4611686018427387904,4611686018427387904,16],"data_offsets":[0,4]}}""", "Overflow")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", "InvalidOffset")]
    [InlineData("""{"a":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}}""", "IncompleteBuffer")]
    [InlineData(
        """{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"a":{"dtype":"U8","shape":[2],"data_offsets":[2,4]}}""",
        "DuplicateName")]
    [InlineData("""{"a":{"shape":[1],"data_offsets":[0,4]}}""", "InvalidHeader")]
    [InlineData("""{"__metadata__":[],"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", "InvalidHeader")]
    [InlineData("", "InvalidHeader")]
    public void Every_fault_has_its_name(string header, string fault) =>
        Assert.Equal(fault, $"{Refused(Whole(header, new byte[4])).Fault}");

    [Theory]
    [InlineData(
        """{"fc.bias":{"dtype":"F32","shape":[1.5],"data_offsets":[0,4]}}""",
        "describes fc.bias as {\"dtype\":\"F32\",\"shape\":[1.5]")]
    [InlineData("""{"fc.bias":{"dtype":"F32","data_offsets":[0,4]}}""", "describes fc.bias as")]
    [InlineData("""{"fc.bias":{"dtype":"F32","shape":[1],"data_offsets":["0","4"]}}""", "describes fc.bias as")]
    [InlineData("""{"fc.bias":{"dtype":32,"shape":[1],"data_offsets":[0,4]}}""", "describes fc.bias as")]
    [InlineData("""{"fc.bias":null}""", "describes fc.bias as null, expected {\"dtype\"")]
    [InlineData("""{"fc.bias":[0,4]}""", "describes fc.bias as [0,4]")]
    [InlineData("""["fc.bias"]""", "its header is [\"fc.bias\"], expected an object")]
    [InlineData("7", "its header is 7, expected an object")]
    [InlineData("""{"__metadata__":{"epoch":3}}""", "its __metadata__ is {\"epoch\":3}, expected texts")]
    [InlineData("""{"__metadata__":"best"}""", "its __metadata__ is \"best\", expected texts")]
    [InlineData("""{"fc.bias":""", "its header is no JSON: ")]
    public void What_the_header_says_is_quoted_with_what_was_expected(string header, string said) =>
        Assert.Contains(said, Refused(Whole(header, new byte[4])).Message);

    [Theory]
    [InlineData(new byte[] { 1, 2, 3 }, "HeaderTooSmall")]
    [InlineData(new byte[] { 255, 0, 0, 0, 0, 0, 0, 0, 1 }, "HeaderBeyondFile")]
    [InlineData(new byte[] { 255, 255, 255, 255, 255, 255, 255, 255, 1 }, "HeaderTooLarge")]
    public void Every_fault_of_the_length_has_its_name(byte[] file, string fault) => Assert.Equal(fault, $"{Refused(file).Fault}");

    /// <summary>What people really give in place of weights; each begins as its program writes it.</summary>
    public static TheoryData<string, byte[], string> Others => new()
    {
        { "page", [.. "\n<!DOCTYPE html>\n<html lang=\"en\"><head><title>model.safetensors · GitHub</title>"u8], "a web page (HTML)" },
        { "page in capitals", [0xef, 0xbb, 0xbf, .. "<HTML><BODY>404"u8], "a web page (HTML)" },
        { "a store's error", [.. "<?xml version=\"1.0\"?><Error><Code>AccessDenied</Code></Error>"u8], "XML text" },
        { "torch.save", Zipped(), "a zip archive" },
        { "pointer", [.. "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n"u8], "git lfs pull" },
        { "gzip", Gzipped(), "gunzip" },
        { "pickle of 2019", [0x80, 0x02, 0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, 0x2e], "a Python pickle" },
        { "pickle of today", [0x80, 0x05, 0x95, 0x0b, 0, 0, 0, 0, 0, 0, 0, 0x7d, 0x94, 0x2e], "a Python pickle" },
        { "ONNX by PyTorch", [0x08, 0x08, 0x12, 0x07, .. "pytorch"u8, 0x1a, 0x05, .. "2.4.0"u8], "an ONNX model" },
        { "ONNX by hand", [0x08, 0x0a, 0x3a, 0x20, .. new byte[32]], "an ONNX model" },
        { "Keras", [0x89, .. "HDF\r\n"u8, 0x1a, 0x0a, .. new byte[16]], "an HDF5 file" },
        { "NumPy", [0x93, .. "NUMPY"u8, 1, 0, 118, 0, .. "{'descr': '<f4'"u8], "a NumPy array" },
        { "index", [.. "{\"metadata\":{},\"weight_map\":{}}"u8], "JSON text" },
        { "llama.cpp", [.. "GGUF"u8, 3, 0, 0, 0, .. new byte[16]], "a GGUF file" },
        { "TorchSharp", [2, 6, .. "weight"u8, 6, 2, 2, 2, .. new byte[16], 4, .. "bias"u8, 6, 1, 2, .. new byte[8]], "TorchSharp's own" },
        { "tar", [.. "model/weights"u8, .. new byte[244], .. "ustar\0"u8, .. new byte[512]], "a tar archive" },
        { "a hub's answer", [.. "Entry not found"u8], "the text “Entry not found”, perhaps a server's answer" },
        { "a hub's answer in lines", [.. "Invalid username or password.\r\n"u8], "the text “Invalid username or password.”" },
        { "nothing", [], "an empty file" },
    };

    [Theory, MemberData(nameof(Others))]
    public void Another_kind_of_file_is_named_and_the_model_is_as_it_was(string what, byte[] content, string expected)
    {
        var path = _folder.File("weights.safetensors");
        File.WriteAllBytes(path, content);
        using var model = nn.Linear(2, 2);
        var before = Bytes(model);
        var message = Assert.Throws<InvalidDataException>(() => SafeTensors.Load(path, model)).Message;
        Assert.True(
            message.StartsWith($"{path} is not a whole safetensors file: it is ") && message.Contains(expected),
            $"{what}: {message}");
        Assert.Equal(before, Bytes(model));
    }

    [Fact]
    public void What_TorchSharp_itself_writes_is_told()
    {
        var path = _folder.File("model.dat");
        using var model = nn.Sequential(("conv1", nn.Conv2d(1, 2, 3)), ("fc", nn.Linear(2, 2)));
        model.save(path);
        Assert.Contains("it is TorchSharp's own format", Assert.Throws<InvalidDataException>(() => SafeTensors.Load(path, model)).Message);
    }

    [Fact]
    public void Names_that_differ_in_a_prefix_are_both_shown()
    {
        var path = _folder.File("parallel.safetensors");
        using var saved = nn.Sequential(("module", nn.Sequential(("fc", nn.Linear(2, 2)), ("out", nn.Linear(2, 2)))));
        using var model = nn.Sequential(("fc", nn.Linear(2, 2)), ("out", nn.Linear(2, 2)));
        SafeTensors.Save(path, saved);
        var message = Assert.Throws<ArgumentException>(() => SafeTensors.Load(path, model)).Message;
        Assert.Contains("fc.weight is missing; module.fc.weight is not in the model; ", message);
        Assert.Contains(" and 5 more.", message);
    }

    [Fact]
    public void A_file_that_is_longer_than_an_array_is_named()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Elsewhere a file of three gigabytes may take that much room.");
        var path = _folder.File("large.safetensors");
        using (var file = File.Create(path))
            file.SetLength(3L << 30);
        using var model = nn.Linear(2, 2);
        var message = Assert.Throws<InvalidDataException>(() => SafeTensors.Load(path, model)).Message;
        Assert.Contains($"{path}: it has 3,221,225,472 bytes, more than", message);
    }

    private static (string Message, SafeTensorsFault Fault) Refused(byte[] file)
    {
        using var scope = NewDisposeScope();
        var exception = Assert.Throws<InvalidDataException>(() => SafeTensors.Deserialize(file, "a file"));
        return (exception.Message, Assert.IsType<SafeTensorsException>(exception.InnerException).Fault);
    }

    private static byte[] Zipped()
    {
        using var memory = new MemoryStream();
        using (var archive = new ZipArchive(memory, ZipArchiveMode.Create))
            archive.CreateEntry("archive/data.pkl").Open().Dispose();
        return memory.ToArray();
    }

    private static byte[] Gzipped()
    {
        using var memory = new MemoryStream();
        using (var stream = new GZipStream(memory, CompressionLevel.Fastest))
            stream.Write(Whole("{}"));
        return memory.ToArray();
    }

    /// <summary>Headers of any JSON: read, or refused by the one exception that is promised.</summary>
    [Fact]
    public void No_header_makes_safetensors_do_anything_but_read_or_refuse()
    {
        static Gen<string> Any(params string[] texts) => Gen.Int[0, texts.Length - 1].Select(index => texts[index]);
        var whole = Gen.OneOf(
            Any("0", "1", "-1", "4", "8", "1e30", "0.5", "4611686018427387904", "9223372036854775807"),
            Gen.Int.Select(i => $"{i}"));
        var list = whole.Array[0, 5].Select(items => $"[{string.Join(",", items)}]");
        var others = Any("null", "{}", "\"F32\"", "\"I64\"", "\"F4\"", "true", "[null]", "[[1]]", "\"\\ud800\"");
        var value = Gen.OneOf(whole, list, others);
        var entry = Gen.Select(Any("dtype", "shape", "data_offsets", "x"), value).Select((name, content) => $"\"{name}\":{content}")
            .Array[0, 4].Select(fields => $"{{{string.Join(",", fields)}}}");
        var likely = Gen.Select(Any("F32", "F4", "U16"), list, Any("[0,0]", "[0,4]", "[0,8]", "[4,8]", "[8,0]"),
            (type, shape, place) => $$"""{"dtype":"{{type}}","shape":{{shape}},"data_offsets":{{place}}}""");
        var names = Any("__metadata__", "a", "b", "");
        var header = Gen.Select(names, Gen.OneOf(entry, likely, value)).Select((name, content) => $"\"{name}\":{content}")
            .Array[0, 3].Select(entries => $"{{{string.Join(",", entries)}}}");
        // Found by chance once: an empty tensor whose steps between rows are too many to count.
        Read("""{"b":{"dtype":"F32","shape":[1,9637953,0,54925011,4611686018427387904],"data_offsets":[0,0]}}""", 0);
        Gen.Select(Gen.OneOf(header, value), Gen.Int[0, 3]).Sample(Read, iter: 20_000, threads: 1);

        static void Read(string json, int words)
        {
            using var scope = NewDisposeScope();
            try
            {
                SafeTensors.Deserialize(Whole(json, new byte[4 * words]), "a file");
            }
            catch (InvalidDataException exception)
            {
                Assert.Matches("^a file (is not a whole safetensors file|cannot be loaded): ", exception.Message);
                Assert.IsType<SafeTensorsException>(exception.InnerException);
            }
        }
    }

    [Fact]
    public void Weights_written_are_laid_out_as_the_format_says()
    {
        using var model = nn.Sequential(("fc", nn.Linear(3, 2)));
        var path = _folder.File("weights.safetensors");
        SafeTensors.Save(path, model);

        // Read independently of the code under test, by the format's own description.
        var file = File.ReadAllBytes(path);
        var length = (int)BinaryPrimitives.ReadUInt64LittleEndian(file);
        Assert.Equal(0, length % 8);
        using var header = System.Text.Json.JsonDocument.Parse(Encoding.UTF8.GetString(file, 8, length));
        var weight = header.RootElement.GetProperty("fc.weight");
        Assert.Equal("F32", weight.GetProperty("dtype").GetString());
        Assert.Equal([2, 3], weight.GetProperty("shape").EnumerateArray().Select(side => side.GetInt32()));
        var start = weight.GetProperty("data_offsets")[0].GetInt32();
        var values = Enumerable.Range(0, 6).Select(i => BinaryPrimitives.ReadSingleLittleEndian(file.AsSpan(8 + length + start + 4 * i)));
        Assert.Equal(model.state_dict()["fc.weight"].data<float>().ToArray(), values);
        var ends = header.RootElement.EnumerateObject().Where(entry => entry.Name != "__metadata__")
            .Select(entry => entry.Value.GetProperty("data_offsets")[1].GetInt32());
        Assert.Equal(file.Length, 8 + length + ends.Max());
    }

    [Fact]
    public void Weights_of_any_model_come_back_bit_for_bit()
    {
        var path = _folder.File("weights.safetensors");
        Gen.Int[1, 7].Array[2, 5].Sample(widths =>
        {
            nn.Module<Tensor, Tensor> Block(int inputs, int outputs) =>
                nn.Sequential(("fc", nn.Linear(inputs, outputs)), ("norm", nn.BatchNorm1d(outputs)));
            nn.Module<Tensor, Tensor> Build() => nn.Sequential(
                widths.Zip(widths.Skip(1)).Select((pair, i) => ($"block{i}", Block(pair.First, pair.Second))));
            using var saved = Build();
            using var loaded = Build();
            SafeTensors.Save(path, saved);
            SafeTensors.Load(path, loaded);
            Assert.Equal(Bytes(saved), Bytes(loaded));
        }, iter: 20, threads: 1);
    }
}
