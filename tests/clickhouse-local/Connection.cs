using System.Runtime.InteropServices;
using System.Text;

namespace ClickHouseLocal;

/// <summary>One client of the engine, with its own settings, parameters and current database. Runs one statement at a time.</summary>
internal sealed unsafe class Connection : IDisposable
{
    private const int ChunkBytes = 1 << 20;

    private readonly nint* _handle;

    public Connection(string dataFolder)
    {
        fixed (byte* name = "clickhouse\0"u8, path = Encoding.UTF8.GetBytes($"--path={dataFolder}\0"))
        {
            var arguments = stackalloc byte*[] { name, path };
            _handle = Native.chdb_connect(2, arguments);
        }

        if (_handle is null)
            throw new InvalidOperationException($"the engine did not open {dataFolder}: another process uses it, or it is not writable");
    }

    public Outcome Execute(string sql) => Query(Encoding.UTF8.GetBytes(sql), "TabSeparated");

    public Outcome Query(ReadOnlySpan<byte> sql, string format)
    {
        fixed (byte* s = sql, f = Encoding.ASCII.GetBytes(format))
            return Take(Native.chdb_query_n(*_handle, s, (nuint)sql.Length, f, (nuint)format.Length));
    }

    /// <summary>Runs <c>INSERT INTO ...</c> with these bytes, in this format, as its data.</summary>
    public Outcome Insert(ReadOnlySpan<byte> head, string format, ReadOnlySpan<byte> data)
    {
        nint stream;
        fixed (byte* h = head, f = Encoding.ASCII.GetBytes(format))
            stream = Native.chdb_stream_insert_n(*_handle, h, (nuint)head.Length, f, (nuint)format.Length);

        try
        {
            if (Native.chdb_stream_insert_error(stream) is var error and not 0)
                return Outcome.Failed(Marshal.PtrToStringUTF8(error)!);

            fixed (byte* d = data)
            {
                for (var offset = 0; offset < data.Length; offset += ChunkBytes)
                {
                    // A refused chunk means that the insert failed already; chdb_stream_done says why.
                    if (Native.chdb_stream_append(stream, d + offset, (nuint)Math.Min(ChunkBytes, data.Length - offset)) != 0)
                        break;
                }
            }

            return Take(Native.chdb_stream_done(stream));
        }
        finally
        {
            Native.chdb_destroy_insert_stream(stream);
        }
    }

    /// <summary>How many statements a text holds; 0 when it does not parse.</summary>
    public uint CountStatements(ReadOnlySpan<byte> sql)
    {
        var analysis = new Native.QueryAnalysis { Size = (uint)sizeof(Native.QueryAnalysis) };
        fixed (byte* s = sql)
            _ = Native.chdb_classify_query_n(*_handle, s, (nuint)sql.Length, null, 0, &analysis);
        return analysis.Statements;
    }

    public void Dispose() => Native.chdb_close_conn(_handle);

    private static Outcome Take(nint result)
    {
        try
        {
            if (Native.chdb_result_error(result) is var error and not 0)
                return Outcome.Failed(Marshal.PtrToStringUTF8(error)!);

            var body = new ReadOnlySpan<byte>(Native.chdb_result_buffer(result), checked((int)Native.chdb_result_length(result))).ToArray();
            return new Outcome(body, null, new Summary(
                Native.chdb_result_storage_rows_read(result),
                Native.chdb_result_storage_bytes_read(result),
                Native.chdb_result_rows_written(result),
                Native.chdb_result_bytes_written(result),
                Native.chdb_result_rows_read(result),
                (ulong)(Native.chdb_result_elapsed(result) * 1e9)));
        }
        finally
        {
            Native.chdb_destroy_query_result(result);
        }
    }
}
