using System.Net;

namespace DuckMesh.History.ClickHouse;

/// <summary>
/// Takes an answer whole before the driver sees it, as the driver reads without a deadline, and lets a success pass only if ClickHouse itself gave it: the driver takes any
/// answer of status 200 for a stored block, also the page of a proxy.
/// </summary>
internal sealed class AnswerHandler(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    /// <summary>Far above the answer to the widest range that the API allows (16 bytes a point).</summary>
    private const long MostBytes = 64 << 20;

    private const string Summary = "X-ClickHouse-Summary";
    private const string ExceptionCode = "X-ClickHouse-Exception-Code";

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var answer = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        try
        {
            await answer.Content.LoadIntoBufferAsync(MostBytes, cancellationToken).ConfigureAwait(false);
            if (answer.StatusCode == HttpStatusCode.OK && (!answer.Headers.Contains(Summary) || answer.Headers.Contains(ExceptionCode)))
                throw new HttpRequestException(HttpRequestError.InvalidResponse, "the answer is not ClickHouse's, is there a proxy in between?");
            return answer;
        }
        catch
        {
            answer.Dispose();
            throw;
        }
    }
}
