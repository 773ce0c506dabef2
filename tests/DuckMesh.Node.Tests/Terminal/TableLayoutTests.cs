using CsCheck;
using DuckMesh.Node.Terminal;

namespace DuckMesh.Node.Tests.Terminal;

public sealed class TableLayoutTests
{
    [Fact]
    public void Every_column_has_what_it_asks_for_where_there_is_room()
    {
        var layout = TableLayout.For(200, database: 20, owner: 15, alerts: 30, path: 40);
        Assert.Equal(TableLayout.Order, layout.Widths.Keys.OrderBy(c => TableLayout.Order.ToList().IndexOf(c)));
        Assert.Equal((20, 15, 30, 40), (layout.Of(TableLayout.Database), layout.Of(TableLayout.Owner), layout.Of(TableLayout.Alerts), layout.Of(TableLayout.Path)));
    }

    [Fact]
    public void The_widest_gives_way_first()
    {
        var layout = TableLayout.For(80, database: 60, owner: 12, alerts: 16, path: 100);
        Assert.Equal((12, 16), (layout.Of(TableLayout.Owner), layout.Of(TableLayout.Alerts)));
        Assert.Equal(80, layout.Width);
        Assert.Equal(0, layout.Of(TableLayout.Path));
    }

    [Fact]
    public void On_a_narrow_terminal_names_and_alerts_are_what_is_left()
    {
        var layout = TableLayout.For(30, database: 60, owner: 12, alerts: 16, path: 100);
        Assert.Equal([TableLayout.Alerts, TableLayout.Database], layout.Widths.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void No_table_is_wider_than_its_terminal() =>
        Gen.Select(Gen.Int[30, 300], Gen.Int[0, 300], Gen.Int[0, 60], Gen.Int[0, 200], Gen.Int[0, 300]).Sample((width, database, owner, alerts, path) =>
            Assert.InRange(TableLayout.For(width, database, owner, alerts, path).Width, 1, width));
}
