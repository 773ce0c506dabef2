using CsCheck;
using DuckMesh.History.Blocks;

namespace DuckMesh.History.Tests.Blocks;

public sealed class SeriesLabelsTests
{
    [Fact]
    public void Labels_are_sorted_by_name_and_escaped_as_Prometheus_does() => Assert.Equal(
        """a="1",b="x\"y\\z\n\t",c="" """.TrimEnd().Replace("\\t", "\t", StringComparison.Ordinal),
        SeriesLabels.Text([new("c", ""), new("b", "x\"y\\z\n\t"), new("a", "1")]));

    [Fact]
    public void Any_labels_are_read_back_and_any_text_is_survived()
    {
        Gen.Dictionary(Gen.String["abc_"].Where(name => name.Length > 0), Gen.String["ab\"\\\n,="])[0, 4].Sample(labels =>
            Assert.Equal(labels.OrderBy(l => l.Key, StringComparer.Ordinal), SeriesLabels.Parse(SeriesLabels.Text(labels))));
        Gen.String["ab\"\\\n,="].Sample(text => { _ = SeriesLabels.Parse(text).Count(); });
    }

    [Fact]
    public void No_labels_are_the_empty_text() => Assert.Equal("", SeriesLabels.Text([]));

    [Fact]
    public void Different_labels_have_different_texts_whatever_their_order() =>
        Gen.Dictionary(Gen.String["abc_"], Gen.String["ab\"\\\n,="])[0, 4].Select(Gen.Dictionary(Gen.String["abc_"], Gen.String["ab\"\\\n,="])[0, 4]).Sample((one, other) =>
            Assert.Equal(one.Count == other.Count && one.All(label => other.TryGetValue(label.Key, out var value) && value == label.Value), SeriesLabels.Text(one.Reverse()) == SeriesLabels.Text(other)));
}
