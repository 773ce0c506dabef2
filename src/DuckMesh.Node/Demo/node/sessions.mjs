// The demo's sample owner in Node: sessions come and go in the database that the first argument names. Installs its package beside itself first. Ends when
// stdin closes, which it does when the demo ends, however it ends. Exit code 3: this machine can't run it, and the last line on stderr says why.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const CANNOT_RUN = 3;
const INSTALL_DEADLINE_MS = 90_000; // 70 MB: a minute on a slow line
const here = fileURLToPath(new URL('.', import.meta.url));

let installer;
let stopping = false;

process.on('SIGINT', () => { }); // Ctrl-C goes to the demo, which then closes our stdin
process.stdin.resume().on('end', () => {
    stopping = true;
    stopInstaller();
    setTimeout(() => process.exit(0), 1000).unref();
});

function stopInstaller() {
    try {
        if (installer)
            process.kill(-installer.pid, 'SIGKILL');
    } catch {
        // it has just ended by itself
    }
}

function install() {
    return new Promise((resolve, reject) => {
        let said = '';
        // A process group of its own, so that npm's children end with it.
        installer = spawn('npm', ['ci', '--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error'],
            { cwd: here, detached: true, stdio: ['ignore', 'ignore', 'pipe'] });
        const deadline = setTimeout(() => {
            said = `no answer within ${INSTALL_DEADLINE_MS / 1000} s`;
            stopInstaller();
        }, INSTALL_DEADLINE_MS);
        installer.stderr.on('data', text => { said ||= String(text).trim().split('\n')[0]; });
        installer.on('error', error => reject(error));
        installer.on('close', code => {
            clearTimeout(deadline);
            installer = undefined;
            code === 0 ? resolve() : reject(new Error(said || `npm ended with ${code}`));
        });
    });
}

function cannotRun(reason) {
    console.error(reason);
    process.exit(stopping ? 0 : CANNOT_RUN);
}

if (!existsSync(new URL('node_modules', import.meta.url)))
    await install().catch(error => cannotRun(`npm ci failed: ${error.message}`));
const { DuckDBInstance } = await import('@duckdb/node-api').catch(error => cannotRun(`@duckdb/node-api does not load: ${error.message}`));

const instance = await DuckDBInstance.create(process.argv[2], { threads: '1', memory_limit: '64MB' });
const connection = await instance.connect();
await connection.run('CREATE TABLE IF NOT EXISTS sessions (id BIGINT, visitor VARCHAR, pages INTEGER, seen TIMESTAMP)');

for (let id = 1; !stopping; id++) {
    await connection.run(`INSERT INTO sessions VALUES (${id}, md5('${id}'), 1, now()::TIMESTAMP)`);
    if (id % 5 === 0)
        await connection.run(`UPDATE sessions SET pages = pages + 1, seen = now()::TIMESTAMP WHERE id > ${id - 5}`);
    if (id % 50 === 0)
        await connection.run(`DELETE FROM sessions WHERE id < ${id - 1000}`);
    if (id % 100 === 0)
        await connection.run('CHECKPOINT');
    await new Promise(resume => setTimeout(resume, 200));
}
connection.closeSync();
instance.closeSync();
