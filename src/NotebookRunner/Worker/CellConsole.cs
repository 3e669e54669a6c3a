using System.Text;

namespace NotebookRunner.Worker;

/// <summary>The console's writers and reader while a session lasts: what cells write becomes their stream outputs.</summary>
internal sealed class CellConsole : IDisposable
{
    private readonly (TextWriter Out, TextWriter Error, TextReader In) _original = (Console.Out, Console.Error, Console.In);

    internal CellConsole()
    {
        Console.SetOut(new Writer("stdout"));
        Console.SetError(new Writer("stderr"));
        Console.SetIn(new NoInput());
    }

    public void Dispose()
    {
        Console.SetOut(_original.Out);
        Console.SetError(_original.Error);
        Console.SetIn(_original.In);
    }

    private sealed class Writer : TextWriter
    {
        private readonly string _stream;

        internal Writer(string stream)
        {
            _stream = stream;
            CoreNewLine = ['\n']; // the same file on every system
        }

        public override Encoding Encoding => Encoding.Unicode; // as the kernel's says

        public override void Write(char value) => Put([value]);

        public override void Write(char[] buffer, int index, int count) => Put(buffer.AsSpan(index, count));

        public override void Write(ReadOnlySpan<char> buffer) => Put(buffer);

        public override void Write(string? value) => Put(value);

        public override void WriteLine(string? value) => Put(value + "\n");

        private void Put(ReadOnlySpan<char> text) => CellContext.Current?.Outputs.Write(_stream, text);
    }
}

/// <summary>Standard input in a run that nobody attends: reading fails at once, instead of waiting for ever.</summary>
internal sealed class NoInput : TextReader
{
    internal static InvalidOperationException Error(string? prompt = null) => new(
        $"The cell waits for input{(string.IsNullOrWhiteSpace(prompt) ? "" : $" (\"{prompt.Trim()}\")")}, " +
        "but in a headless run nobody is there to give it. " +
        "Put the value in a cell tagged 'parameters' and set it with -p NAME=VALUE.");

    public override int Peek() => throw Error();

    public override int Read() => throw Error();

    public override int Read(char[] buffer, int index, int count) => throw Error();

    public override string? ReadLine() => throw Error();

    public override string ReadToEnd() => throw Error();
}
