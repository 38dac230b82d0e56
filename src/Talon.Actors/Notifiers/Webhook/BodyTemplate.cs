using System.Collections.Immutable;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using Fluid;
using Fluid.Values;
using Talon.Actors.Plugins;
using Talon.Rules.Text;

namespace Talon.Actors.Notifiers.Webhook;

/// <summary>
/// A template of Liquid that makes a body of a record. Values are escaped as the media type asks for: texts come from attackers. It reads no files, and
/// its steps, its loops and what it makes are bounded.
/// </summary>
internal sealed class BodyTemplate
{
    /// <summary>How long a template may be: 16 Ki characters.</summary>
    public const int LongestTemplate = 16 * 1024;

    /// <summary>How much it may make: 256 Ki characters.</summary>
    public const int LongestBody = 256 * 1024;

    private const int LongestValue = 64 * 1024;
    private const int MostSteps = 10_000;

    // They read files, or keep something under a name that nothing checks.
    private static readonly ImmutableArray<string> NoTags = ["include", "render", "from", "tablerow", "increment", "decrement"];

    private readonly IFluidTemplate _template;
    private readonly TemplateOptions _options;
    private readonly TextEncoder _encoder;
    private readonly bool _isJson;

    private BodyTemplate(IFluidTemplate template, TemplateOptions options, string contentType)
    {
        _template = template;
        _options = options;
        string type = MediaTypeHeaderValue.Parse(contentType).MediaType?.ToLowerInvariant() ?? "";
        _isJson = type.EndsWith("/json", StringComparison.Ordinal) || type.EndsWith("+json", StringComparison.Ordinal);
        _encoder = _isJson ? JavaScriptEncoder.Create(UnicodeRanges.All)
            : type.EndsWith("/xml", StringComparison.Ordinal) || type.EndsWith("+xml", StringComparison.Ordinal) || type == "text/html" ? HtmlEncoder.Create(UnicodeRanges.All)
            : type == "application/x-www-form-urlencoded" ? UrlEncoder.Default
            : NullEncoder.Default;
        if (_isJson && options.Filters.TryGetValue("json", out var toJson))
        {
            // Escaped once more it would be no JSON.
            options.Filters.AddFilter("json", async (input, arguments, context) => new StringValue((await toJson(input, arguments, context)).ToStringValue(), encode: false));
        }
    }

    /// <summary>What is wrong with a template; null when it can be used.</summary>
    /// <param name="contentType">The media type of the body, which is right.</param>
    public static string? Check(string text, string contentType)
    {
        try
        {
            var template = Of(text, contentType);
            foreach (var sample in TemplateSamples.All)
            {
                template.Render(sample);
            }

            return null;
        }
        catch (BodyTemplateException e)
        {
            return e.Message;
        }
    }

    /// <summary>Reads a template.</summary>
    /// <exception cref="BodyTemplateException">It is no template, or uses what there is not.</exception>
    public static BodyTemplate Of(string text, string contentType)
    {
        if (text.Length > LongestTemplate)
        {
            throw new BodyTemplateException($"it is longer than {LongestTemplate / 1024} Ki characters");
        }

        var parser = new FluidParser();
        foreach (string tag in NoTags)
        {
            parser.RegisteredTags.Remove(tag);
        }

        if (!parser.TryParse(text, out var template, out string error))
        {
            throw new BodyTemplateException(OneLine.From(error));
        }

        return new TemplateNames(TemplateValues.Names).Check(template) is { } problem
            ? throw new BodyTemplateException(problem)
            : new BodyTemplate(template, NewOptions(), contentType);
    }

    /// <summary>The body, UTF-8.</summary>
    /// <exception cref="BodyTemplateException">It makes too much, takes too long, or makes no JSON where that is promised.</exception>
    public byte[] Render(Notification record)
    {
        var context = new TemplateContext(_options);
        TemplateValues.Set(context, record, _options);
        using var writer = new BoundedWriter(LongestBody);
        var rendering = Start(writer, context);
        if (rendering.Exception?.GetBaseException() is { } problem)
        {
            throw problem as BodyTemplateException ?? new BodyTemplateException(OneLine.From(problem.Message), problem);
        }

        // Nothing in it waits: values are there, and neither files nor filters that load something.
        if (!rendering.IsCompletedSuccessfully)
        {
            throw new BodyTemplateException("it waits for something");
        }

        byte[] body = Encoding.UTF8.GetBytes(writer.ToString());
        return !_isJson || IsJson(body) ? body : throw new BodyTemplateException("what it makes is no JSON, which content_type promises");
    }

    private Task Start(TextWriter writer, TemplateContext context)
    {
        try
        {
            return _template.RenderAsync(writer, _encoder, context).AsTask();
        }
        catch (Exception e)
        {
            return Task.FromException(e);
        }
    }

    private static TemplateOptions NewOptions()
    {
        // Without tags that call others nothing is recursive, but the loops in loops that the steps bound count there as well.
        var options = new TemplateOptions { MaxSteps = MostSteps, MaxRecursion = int.MaxValue, StrictFilters = true, TimeZone = TimeZoneInfo.Utc };
        options.Assigned = (_, value, _) => Bounded(value);
        options.Captured = (_, value, _) => Bounded(value);
        return options;
    }

    private static ValueTask<FluidValue> Bounded(FluidValue value) => value.Type == FluidValues.String && value.ToStringValue().Length > LongestValue
        ? throw new BodyTemplateException($"a value in it became longer than {LongestValue / 1024} Ki characters")
        : ValueTask.FromResult(value);

    private static bool IsJson(byte[] body)
    {
        try
        {
            var reader = new Utf8JsonReader(body);
            reader.Read();
            reader.Skip();
            return !reader.Read();
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>Takes so many characters and no more.</summary>
    private sealed class BoundedWriter(int longest) : StringWriter(System.Globalization.CultureInfo.InvariantCulture)
    {
        public override void Write(char value)
        {
            Take(1);
            base.Write(value);
        }

        public override void Write(string? value)
        {
            Take(value?.Length ?? 0);
            base.Write(value);
        }

        public override void Write(char[] buffer, int index, int count)
        {
            Take(count);
            base.Write(buffer, index, count);
        }

        public override void Write(ReadOnlySpan<char> buffer)
        {
            Take(buffer.Length);
            base.Write(buffer);
        }

        public override Task WriteAsync(string? value)
        {
            Write(value);
            return Task.CompletedTask;
        }

        public override Task WriteAsync(char[] buffer, int index, int count)
        {
            Write(buffer, index, count);
            return Task.CompletedTask;
        }

        public override Task WriteAsync(ReadOnlyMemory<char> buffer, CancellationToken cancellationToken = default)
        {
            Write(buffer.Span);
            return Task.CompletedTask;
        }

        private void Take(int count)
        {
            if (GetStringBuilder().Length + count > longest)
            {
                throw new BodyTemplateException($"it makes more than {longest / 1024} Ki characters");
            }
        }
    }
}
