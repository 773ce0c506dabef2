using System.Collections.Immutable;
using System.Globalization;
using DuckMesh.Cluster.Postgres;
using Npgsql;

namespace DuckMesh.Cluster.Membership;

/// <summary>
/// The table of members in the shared database: who is, or may be, in the cluster. One row a host. All times are the database's; a row's age is taken as absolute,
/// so that after a clock was put back a dead node does not look alive until the clock has caught up.
/// </summary>
public sealed class MemberTable(PostgresDatabase database, MemberIdentity self)
{
    /// <summary>Five beats: a member that is late is not yet lost.</summary>
    public static readonly TimeSpan FreshFor = TimeSpan.FromSeconds(30);

    /// <summary>Of a node that is gone for so long nobody asks any more.</summary>
    private static readonly TimeSpan KeepFor = TimeSpan.FromDays(7);

    /// <summary>Lets the node decide while no other can, and writes its row as the decision says.</summary>
    public async Task<FormationStep> DecideAsync(Func<Look, FormationStep> decide, CancellationToken cancellation)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await PostgresLock.TakeAsync(database, connection, cancellation);
        var step = decide(await LookAsync(connection, cancellation));
        switch (step)
        {
            case FormationStep.Found found:
                await using (var raise = Command(connection, "update {0}.cluster set founding = $1", found.Founding)) await raise.ExecuteNonQueryAsync(cancellation);
                await WriteAsync(connection, MemberState.Up, found.Founding, cancellation);
                break;
            case FormationStep.Join join:
                await WriteAsync(connection, MemberState.Joining, join.Founding, cancellation);
                break;
            case FormationStep.Wait { Announced: true }:
                await WriteAsync(connection, MemberState.Starting, 0, cancellation);
                break;
        }

        await transaction.CommitAsync(cancellation);
        return step;
    }

    /// <summary>A sign of life of a member. Also writes down whom the cluster has given up since.</summary>
    /// <returns>Null; or why this node is no member any more, as the end of a sentence.</returns>
    public async Task<string?> BeatAsync(long founding, IReadOnlyCollection<GivenUp> givenUp, CancellationToken cancellation)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        await using var beat = Command(connection,
            """
            update {0}.member set state = 'up', address = $3, http = $5, version = $6, seen_at = clock_timestamp()
            where host = $1 and node = $2 and uid = $4 and founding = $7 and state in ('joining', 'up') and exists (select from {0}.cluster where founding = $7)
            """,
            self.Host, self.Node.Value, self.Address, self.Uid, (object?)self.Http ?? DBNull.Value, self.Version, founding);
        if (await beat.ExecuteNonQueryAsync(cancellation) == 0) return await WhyNotAsync(connection, founding, cancellation);
        foreach (var other in givenUp)
        {
            await using var mark = Command(connection, "update {0}.member set state = 'down' where address = $1 and uid = $2 and node <> $3", other.Address, other.Uid, self.Node.Value);
            await mark.ExecuteNonQueryAsync(cancellation);
        }

        await using var clear = Command(connection, "delete from {0}.member where seen_at < clock_timestamp() - $1", KeepFor);
        await clear.ExecuteNonQueryAsync(cancellation);
        return null;
    }

    /// <summary>The node leaves: whoever starts need not wait for it.</summary>
    public async Task LeaveAsync(CancellationToken cancellation)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        await using var leave = Command(connection, "delete from {0}.member where host = $1 and node = $2 and uid = $3", self.Host, self.Node.Value, self.Uid);
        await leave.ExecuteNonQueryAsync(cancellation);
    }

    private async Task<Look> LookAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var founded = Command(connection, "select founding from {0}.cluster");
        var founding = (long)(await founded.ExecuteScalarAsync(cancellation))!;
        await using var command = Command(connection,
            "select host, node, address, state, founding, abs(extract(epoch from clock_timestamp() - seen_at)) <= $1, seen_at from {0}.member order by host", FreshFor.TotalSeconds);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var rows = ImmutableArray.CreateBuilder<MemberRow>();
        while (await reader.ReadAsync(cancellation))
        {
            rows.Add(new MemberRow(
                reader.GetString(0), new NodeId(reader.GetString(1)), reader.GetString(2), Enum.Parse<MemberState>(reader.GetString(3), ignoreCase: true), reader.GetInt64(4),
                reader.GetBoolean(5), reader.GetDateTime(6)));
        }

        return new Look(founding, rows.ToImmutable());
    }

    private async Task WriteAsync(NpgsqlConnection connection, MemberState state, long founding, CancellationToken cancellation)
    {
        await using var write = Command(connection,
            """
            insert into {0}.member (host, node, address, uid, http, version, state, founding, seen_at) values ($1, $2, $3, $4, $5, $6, $7, $8, clock_timestamp())
            on conflict (host) do update set node = excluded.node, address = excluded.address, uid = excluded.uid, http = excluded.http, version = excluded.version,
              state = excluded.state, founding = excluded.founding, seen_at = excluded.seen_at
            """,
            self.Host, self.Node.Value, self.Address, self.Uid, (object?)self.Http ?? DBNull.Value, self.Version, state.ToString().ToLowerInvariant(), founding);
        await write.ExecuteNonQueryAsync(cancellation);
    }

    private async Task<string> WhyNotAsync(NpgsqlConnection connection, long founding, CancellationToken cancellation)
    {
        await using var founded = Command(connection, "select founding from {0}.cluster");
        if (await founded.ExecuteScalarAsync(cancellation) is long now && now != founding) return "the cluster was founded anew while this node could not be heard of";
        await using var row = Command(connection, "select case when node <> $2 then 'another node, ' || address || ', has taken its host ' || host else 'the other nodes have given it up' end from {0}.member where host = $1", self.Host, self.Node.Value);
        return await row.ExecuteScalarAsync(cancellation) as string ?? "it is no longer in the table of members";
    }

    private NpgsqlCommand Command(NpgsqlConnection connection, string text, params object[] values)
    {
        var command = new NpgsqlCommand(string.Format(CultureInfo.InvariantCulture, text, database.Schema), connection);
        foreach (var value in values) command.Parameters.Add(new NpgsqlParameter { Value = value });
        return command;
    }
}
