// `npm run bench [-- PART ...]`: whole commands as a user runs them, beside their peers and beside the kernel alone (floor.c), in turn:
// medians of wall and CPU time, ratios, peak memory. Needs root (private namespaces) and a C compiler; under 5 minutes.
// Parts: quiet processes holders names segments rm dashboard. Parts of the program: bench:probe, :ui, :watch, :load, :witness.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const MAIN = join(root, 'dist/main.js');
const ROUNDS = Number(process.env.ROUNDS ?? 5);
/** Of one part; a slow machine does fewer rounds, but so many at least. */
const LONGEST_MS = 30_000;
const FEWEST_ROUNDS = 2;
const IDLE_MS = 20_000;
const words = process.argv.slice(2).filter((word) => word !== '--inside');
const isWanted = (part) => words.length === 0 || words.includes(part);

if (!process.argv.includes('--inside')) {
  // Neither we nor the peers look at what else runs here; all in it ends with it, and what shmtop writes of itself is nobody's.
  const names = ['--ipc', '--mount', '--pid', '--fork', '--mount-proc', '--kill-child=SIGKILL'];
  const inside = [process.execPath, '--no-warnings', fileURLToPath(import.meta.url), '--inside', ...words];
  const child = spawn('unshare', [...names, ...inside], { stdio: 'inherit' });
  const [code] = await once(child, 'exit');
  process.exit(code ?? 1);
}

for (const own of [
  '/dev/shm',
  '/run',
  '/var/log',
  ...readdirSync('/var/lib')
    .filter((name) => name === 'shmtop')
    .map((name) => `/var/lib/${name}`),
])
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'mode=1777,nr_inodes=0,size=512m', 'bench', own]);
execFileSync('sysctl', ['-qw', 'kernel.shmmni=32768']);
const folder = mkdtempSync(join(tmpdir(), 'shmtop-bench-'));
const env = { ...process.env, XDG_STATE_HOME: folder, XDG_CONFIG_HOME: folder, SHMTOP_NO_WITNESS: '1' };
const compile = (name) => {
  execFileSync('cc', ['-O2', '-o', join(folder, name), join(root, `scripts/bench/${name}.c`)]);
  return join(folder, name);
};
const status = (pid, field) =>
  Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1]);
const rows = [];
try {
  const [herd, measure, floor] = ['herd', 'measure', 'floor'].map(compile);
  const shmtop = (...args) => [process.execPath, MAIN, ...args];
  const parts = {
    quiet: () => compare('ls, nothing there', shmtop('ls'), { 'node -e 0': [[process.execPath, '-e', '0'], 1.5] }),
    processes: () =>
      withHerd(herd, ['sleepers', '5000', '1'], () =>
        compare('ls --json, 5,000 quiet processes, one object', shmtop('ls', '--json'), {
          'lsof /dev/shm': [['lsof', '/dev/shm'], 0.35],
          'fuser -m /dev/shm': [['fuser', '-m', '/dev/shm']],
          'kernel alone': [[floor, 'processes']],
        }),
      ),
    holders: () =>
      withHerd(herd, ['holders', '1000'], () =>
        compare('ls --json, 1,000 processes holding one object', shmtop('ls', '--json'), {
          'lsof /dev/shm': [['lsof', '/dev/shm'], 0.4],
          'fuser -m /dev/shm': [['fuser', '-m', '/dev/shm']],
        }),
      ),
    names: async () => {
      for (const [count, said] of [
        ['10000', '10,000'],
        ['100000', '100,000'],
      ])
        await withHerd(herd, ['sleepers', '1', count], async () => {
          await compare(`ls --json, ${said} files in /dev/shm`, shmtop('ls', '--json'), {
            'find -ls': [['find', '/dev/shm', '-ls'], 3],
            'kernel alone': [[floor, 'names']],
          });
          if (count === '100000') await firstRows(said);
        });
    },
    segments: () =>
      withHerd(herd, ['segments', '30000'], () =>
        compare('ls --json, 30,000 segments', shmtop('ls', '--json'), { 'lsipc -m -J': [['lsipc', '-m', '-J'], 0.6] }),
      ),
    rm: () => removals(herd, measure, shmtop),
    dashboard: idle,
  };
  for (const [part, run] of Object.entries(parts)) if (isWanted(part)) await run(measure);

  /** Each in turn, round by round; the ratio is that of the same round. */
  async function compare(what, ours, peers) {
    const all = {
      [what]: ours,
      ...Object.fromEntries(Object.entries(peers).map(([name, [command]]) => [name, command])),
    };
    const found = await rounds(
      Object.fromEntries(Object.entries(all).map(([name, command]) => [name, () => take(measure, command)])),
    );
    tell(what, found, peers);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
const wide = Math.max(...rows.map(({ what }) => what.length));
console.log(`\nload of the machine ${loadavg()[0].toFixed(1)}; wall ms (CPU ms), medians`);
for (const { what, text } of rows) console.log(`${what.padEnd(wide)}  ${text}`);

async function rounds(contenders) {
  const found = Object.fromEntries(Object.keys(contenders).map((name) => [name, []]));
  const startMs = performance.now();
  for (let round = 0; round <= ROUNDS; round++) {
    if (round > FEWEST_ROUNDS && performance.now() - startMs > LONGEST_MS) break;
    for (const [name, run] of Object.entries(contenders)) {
      const took = await run();
      if (round > 0) found[name].push(took); // the first warms caches
    }
  }
  return found;
}

function take(measure, command) {
  const [ms, kib, , cpuMs] = execFileSync(measure, command, { encoding: 'utf8', env }).split(' ').map(Number);
  return { ms, kib, cpuMs };
}

function median(values) {
  return values.toSorted((a, b) => a - b)[values.length >> 1];
}

function tell(what, found, peers) {
  const of = (name, field) => median(found[name].map((took) => took[field]));
  const shown = (name) => `${of(name, 'ms').toFixed(0)} (${of(name, 'cpuMs').toFixed(0)})`;
  const ratio = (name, field) =>
    median(found[what].map((took, round) => took[field] / found[name][round][field])).toFixed(2);
  const beside = Object.entries(peers).map(
    ([name, [, aim]]) =>
      `${name} ${shown(name)}: ${ratio(name, 'ms')} x (${ratio(name, 'cpuMs')} x)${aim === undefined ? '' : `, aim ${aim}`}`,
  );
  rows.push({ what, text: `${shown(what)}, ${Math.round(of(what, 'kib') / 1024)} MB; ${beside.join('; ')}` });
  console.log(`${what}: ${rows.at(-1).text}`);
}

/** What goes has to be made anew each time, and must be older than a second. */
async function removals(herd, measure, shmtop) {
  const what = 'rm, 2,000 segments, journal and checks';
  const each = (command) => () =>
    withHerd(herd, ['segments', '2000'], async () => {
      await new Promise((resolve) => setTimeout(resolve, 1500));
      const took = take(measure, command);
      const left = readFileSync('/proc/sysvipc/shm', 'latin1').trim().split('\n').length - 1;
      if (left > 0) throw new Error(`${command.join(' ')} left ${left} segments`);
      return took;
    });
  const found = await rounds({
    [what]: each(shmtop('rm', '--abandoned', '--orphaned', '--unheld', '--yes', '--min-age', '0')),
    'ipcrm --all=shm': each(['ipcrm', '--all=shm']),
  });
  tell(what, found, { 'ipcrm --all=shm': [undefined, 10] });
}

/** A dashboard in a pseudo terminal. */
async function open(size) {
  const { sleep, VirtualTerminal } = await import('../test/support/terminal.ts');
  return { sleep, terminal: new VirtualTerminal(process.execPath, [MAIN], { ...size, env }) };
}

async function firstRows(said) {
  const times = [];
  let peak = 0;
  for (let round = 0; round < 3; round++) {
    const startMs = performance.now();
    const { terminal } = await open({ columns: 120, rows: 40 });
    await terminal.until('posix:/', 60_000);
    const rowsMs = performance.now() - startMs;
    await terminal.until(/more not listed/, 60_000);
    times.push([rowsMs, performance.now() - startMs]);
    peak = Math.max(peak, status(terminal.pid, 'VmHWM'));
    terminal.close();
  }
  const of = (at) => median(times.map((time) => time[at])).toFixed(0);
  const what = `dashboard, ${said} names: first rows`;
  rows.push({
    what,
    text: `${of(0)} ms (aim 1000), all judged ${of(1)} ms, peak ${Math.round(peak / 1024)} MB (aim 250)`,
  });
  console.log(`${what}: ${rows.at(-1).text}`);
}

async function idle() {
  execFileSync('sh', ['-c', 'for i in $(seq 45); do ipcmk -M 4096 > /dev/null; done']);
  try {
    const cpu = async (command) => {
      const { sleep, VirtualTerminal } = await import('../test/support/terminal.ts');
      const terminal = new VirtualTerminal(command[0], command.slice(1), { columns: 200, rows: 50, env });
      await sleep(12_000);
      const seconds = () => {
        const fields = readFileSync(`/proc/${terminal.pid}/stat`, 'latin1').split(') ')[1].split(' ');
        return (Number(fields[11]) + Number(fields[12])) / 100;
      };
      const before = seconds();
      await sleep(IDLE_MS);
      const took = seconds() - before;
      terminal.close();
      return took.toFixed(2);
    };
    const peer = spawnSync('which', ['htop']).status === 0 ? `; htop ${await cpu(['htop', '-d', '10'])} s` : '';
    const what = 'dashboard, 45 segments, only ages tick, CPU in 20 s';
    rows.push({ what, text: `${await cpu([process.execPath, MAIN])} s (aim 0.12)${peer}` });
    console.log(`${what}: ${rows.at(-1).text}`);
  } finally {
    execFileSync('ipcrm', ['--all=shm']);
  }
}

/** The herd lives while `use` runs; closing its input ends all of it. */
async function withHerd(herd, args, use) {
  const child = spawn(herd, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  try {
    await once(child.stdout, 'data');
    return await use();
  } finally {
    child.stdin.end();
    await ended;
  }
}
