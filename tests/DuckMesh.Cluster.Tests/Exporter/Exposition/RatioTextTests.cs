using System.Globalization;
using System.Text;
using CsCheck;
using DuckMesh.Cluster.Exporter.Exposition;

namespace DuckMesh.Cluster.Tests.Exporter.Exposition;

public sealed class RatioTextTests
{
    [Theory]
    [InlineData(0.001, "0.001")]
    [InlineData(0.5, "0.5")]
    [InlineData(0.25, "0.25")]
    [InlineData(0.015625, "0.015625")]
    [InlineData(0.1, "0.1")]
    [InlineData(0.30000000000000004, "0.30000000000000004")]
    [InlineData(0.9999999999999999, "0.9999999999999999")]
    [InlineData(0.0010000000000000002, "0.0010000000000000002")]
    public void A_ratio_is_written_as_people_would(double value, string expected) => Assert.Equal(expected, Write(value));

    [Fact]
    public void Every_ratio_reads_back_as_itself_in_as_few_digits_as_the_runtime_needs() =>
        Gen.Double[RatioText.From, 0.99999999999999989].Sample(
            value =>
            {
                var text = Write(value);
                Assert.Equal(value, double.Parse(text, CultureInfo.InvariantCulture));
                Assert.Equal(value.ToString(CultureInfo.InvariantCulture).Length, text.Length);
            },
            iter: 200_000);

    [Fact]
    public void Neighbours_of_powers_of_two_read_back_as_themselves()
    {
        for (var power = 0.5; power >= RatioText.From; power /= 2)
        {
            foreach (var value in new[] { double.BitDecrement(power), power, double.BitIncrement(power) })
                Assert.Equal(value.ToString(CultureInfo.InvariantCulture), Write(value));
        }
    }

    private static string Write(double value)
    {
        var bytes = new byte[32];
        return Encoding.ASCII.GetString(bytes, 0, RatioText.Write(value, bytes));
    }
}
