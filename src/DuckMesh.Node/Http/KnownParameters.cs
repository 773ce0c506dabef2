using System.Text.Json;
using DuckMesh.Node.Configuration;

namespace DuckMesh.Node.Http;

/// <summary>Refuses a query parameter that the endpoint does not have: a misspelt filter that is silently ignored would answer another question than was asked.</summary>
internal sealed class KnownParameters(IReadOnlyCollection<string> known) : IEndpointFilter
{
    /// <summary>Those that are the properties of a parameters' record.</summary>
    public static KnownParameters Of<T>() => new([.. typeof(T).GetProperties().Select(p => JsonNamingPolicy.CamelCase.ConvertName(p.Name))]);

    public ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        foreach (var name in context.HttpContext.Request.Query.Keys)
        {
            if (known.Contains(name)) continue;
            var hint = known.Count == 0 ? "there are none here." : $"did you mean '{Nearest.Of(name, known)}'? Known are {string.Join(", ", known)}.";
            throw new BadQueryException($"There is no parameter '{name}': {hint}");
        }

        return next(context);
    }
}
