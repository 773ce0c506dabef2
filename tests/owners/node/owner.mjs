// Owns one DuckDB database and does what it is told on stdin. Protocol: ../README.md
import { DuckDBInstance } from '@duckdb/node-api';
import { createInterface } from 'node:readline';

const [path, mode] = process.argv.slice(2);
const readOnly = mode === '--read-only';

let instance;
let connection;
let commits = 0;
let checkpoints = 0;
let rows = 0;

async function open() {
    // The threshold keeps DuckDB from checkpointing by itself, so that our counts are exact.
    const options = readOnly ? { access_mode: 'READ_ONLY' } : { checkpoint_threshold: '1TB' };
    instance = await DuckDBInstance.create(path, options);
    connection = await instance.connect();
    commits = 0;
    if (readOnly)
        return {};
    const [known] = await select("SELECT count(*)::INT AS tables FROM duckdb_tables() WHERE table_name = 'work'");
    if (known.tables === 0) {
        await connection.run('CREATE TABLE work (i BIGINT, note VARCHAR)');
        commits++;
    }
    const [content] = await select('SELECT coalesce(max(i), 0)::DOUBLE AS last FROM work');
    rows = content.last;
    return {};
}

function close() {
    connection?.closeSync();
    instance?.closeSync();
    connection = instance = undefined;
    return {};
}

async function select(sql) {
    return (await connection.runAndReadAll(sql)).getRowObjectsJS();
}

async function insert() {
    rows++;
    await connection.run(`INSERT INTO work VALUES (${rows}, 'row ${rows}')`);
    commits++;
}

async function inserts({ n }) {
    for (let done = 0; done < n; done++)
        await insert();
    return { commits };
}

async function bulk({ rows: added }) {
    await connection.run(`INSERT INTO work SELECT i, md5(i::VARCHAR) FROM range(${rows + 1}, ${rows + added + 1}) r(i)`);
    rows += added;
    commits++;
    return { commits };
}

async function remove({ every }) {
    await connection.run(`DELETE FROM work WHERE i % ${every} = 0`);
    commits++;
    return { commits };
}

async function checkpoint() {
    await connection.run('CHECKPOINT');
    commits = 0;
    checkpoints++;
    return { checkpoints };
}

async function size() {
    const [row] = await select('PRAGMA database_size');
    return {
        blockSize: Number(row.block_size),
        totalBlocks: Number(row.total_blocks),
        usedBlocks: Number(row.used_blocks),
        freeBlocks: Number(row.free_blocks),
        walSize: row.wal_size,
        commits,
        checkpoints,
    };
}

async function latency({ n, pauseMs = 0 }) {
    const took = [];
    for (let done = 0; done < n; done++) {
        const start = process.hrtime.bigint();
        await insert();
        took.push(Number(process.hrtime.bigint() - start) / 1000);
        if (pauseMs > 0)
            await new Promise(resume => setTimeout(resume, pauseMs));
    }
    took.sort((a, b) => a - b);
    const at = share => Math.round(took[Math.min(n - 1, Math.floor(n * share))]);
    return { p50: at(0.5), p95: at(0.95), max: at(1), commits };
}

const commands = { open, close, commits: inserts, bulk, delete: remove, checkpoint, size, latency };

const say = answer => process.stdout.write(JSON.stringify(answer) + '\n');

function failed(error) {
    console.error(error.message);
    return { ok: false, error: error.message };
}

try {
    await open();
} catch (error) {
    say(failed(error));
    process.exit(1);
}
say({ ready: true, pid: process.pid });

for await (const line of createInterface({ input: process.stdin })) {
    try {
        const command = JSON.parse(line);
        if (!Object.hasOwn(commands, command.do))
            throw new Error(`no command '${command.do}'; known: ${Object.keys(commands).join(', ')}`);
        if (!connection && command.do !== 'open')
            throw new Error('the database is closed; send {"do":"open"} first');
        say({ ok: true, ...await commands[command.do](command) });
    } catch (error) {
        say(failed(error));
    }
}
close();
