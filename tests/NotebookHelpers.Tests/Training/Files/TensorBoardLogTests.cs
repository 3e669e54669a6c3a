using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace NotebookHelpers.Tests.Training;

[Collection(TorchAlone.Name)]
public sealed class TensorBoardLogTests
{
    [Fact]
    public void Event_files_hold_each_epochs_metrics()
    {
        using var folder = new TemporaryFolder();
        var digits = SampleDigits.Load();
        using var model = new LeNet();
        var history = new Trainer(model, new TrainerOptions { Epochs = 2 })
            .Fit(digits.Train.Take(200), digits.Test.Take(100), new TensorBoardLog(folder.Path).Report);

        var records = Records(File.ReadAllBytes(Assert.Single(Directory.GetFiles(folder.Path, "*tfevents*")))).ToList();

        foreach (var epoch in history.Epochs)
        {
            AssertHas("loss/training", epoch.TrainLoss, epoch.Epoch);
            AssertHas("accuracy/training", epoch.TrainAccuracy, epoch.Epoch);
            AssertHas("loss/validation", epoch.ValidationLoss!.Value, epoch.Epoch);
            AssertHas("accuracy/validation", epoch.ValidationAccuracy!.Value, epoch.Epoch);
        }

        void AssertHas(string name, double value, int epoch) => Assert.Contains(records, record =>
            Has(record, Encoding.ASCII.GetBytes(name)) && Has(record, BitConverter.GetBytes((float)value))
            && Has(record, [0x10, (byte)epoch]));

        static bool Has(byte[] record, byte[] part) => record.AsSpan().IndexOf(part) >= 0;
    }

    [Fact]
    public void A_log_that_cannot_be_written_ends_no_training()
    {
        var inTheWay = Path.GetTempFileName();
        try
        {
            using var model = new LeNet();
            var log = new TensorBoardLog(Path.Combine(inTheWay, "events"));
            var digits = SampleDigits.Load().Train.Take(100);
            var history = new Trainer(model, new TrainerOptions { Epochs = 2 }).Fit(digits, progress: log.Report);
            Assert.Equal(2, history.Epochs.Count);
        }
        finally
        {
            File.Delete(inTheWay);
        }
    }

    // TFRecord: length, its masked CRC-32C, the data, their masked CRC-32C.
    private static IEnumerable<byte[]> Records(byte[] file)
    {
        for (var at = 0; at < file.Length;)
        {
            var length = (int)BinaryPrimitives.ReadUInt64LittleEndian(file.AsSpan(at));
            Assert.Equal(Masked(file.AsSpan(at, 8)), BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(at + 8)));
            var data = file.AsSpan(at + 12, length).ToArray();
            Assert.Equal(Masked(data), BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(at + 12 + length)));
            at += 16 + length;
            yield return data;
        }
    }

    private static uint Masked(ReadOnlySpan<byte> bytes)
    {
        var crc = ~0u;
        foreach (var value in bytes)
            crc = BitOperations.Crc32C(crc, value);
        crc = ~crc;
        return ((crc >> 15) | (crc << 17)) + 0xa282ead8;
    }
}
