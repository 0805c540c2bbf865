// Pictures for the README, from the program itself: a pty session in a private place, drawn by a headless terminal, as PNG.
// npm run screenshot [NAME…]
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Place } from '../test/support/place.ts';
import { sleep, VirtualTerminal } from '../test/support/terminal.ts';
import { screenToSvg, stackSvg, svgToPng } from './picture/svg.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const out = join(root, 'docs/pictures');
const wanted = process.argv.slice(2);
const LIGHT = { foreground: '#2b3038', background: '#fbfbf9' };

/** A machine with some life on it: holders, leftovers (a socket that is proven abandoned), a queue that is unlinked, names of known software. */
const SCENE = `
echo 128 > /proc/sys/kernel/shmmni
for size in 4096 56 16777216 33554432 8388608 1048576 262144; do ipcmk -M $size >/dev/null; done
cat > /tmp/scene.py <<'PY'
import mmap, os, sys, time, ctypes
name, megabytes, comm = sys.argv[1], float(sys.argv[2]), sys.argv[3]
ctypes.CDLL(None).prctl(15, comm.encode())
fd = os.open('/dev/shm/' + name, os.O_CREAT | os.O_RDWR, 0o644)
os.ftruncate(fd, int(megabytes * 1048576))
m = mmap.mmap(fd, int(megabytes * 1048576))
for at in range(0, len(m), 4096): m[at] = 1
if name.startswith('gone'): os.unlink('/dev/shm/' + name)
time.sleep(3600)
PY
hold() { python3 /tmp/scene.py "$@" & }
hold PostgreSQL.1804289383 24 postgres
hold PostgreSQL.1804289383 24 postgres
hold PostgreSQL.1804289383 24 postgres
hold torch_4711_884_0 48 python3
hold gone_queue 12 camera
hold pulse-shm-2817 8 pulseaudio
python3 - <<'PY'
import ctypes, os
libc = ctypes.CDLL(None)
libc.shmat.restype = ctypes.c_void_p
for key, megabytes in [(0x52e2c1, 96), (0x5301, 40)]:
    shmid = libc.shmget(key, megabytes << 20, 0o1600)
    at = libc.shmat(shmid, None, 0)
    ctypes.memset(at, 1, megabytes << 20)
PY
head -c 30000000 /dev/zero > /dev/shm/psm_3f9a1c2e
head -c 12000000 /dev/zero > /dev/shm/torch_3112_77_0
head -c 32 /dev/zero > /dev/shm/sem.jobs
head -c 2000000 /dev/zero > /dev/shm/render-cache
chown nobody /dev/shm/render-cache
python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind("/dev/shm/agent.sock")'
touch -d '2 hours ago' /dev/shm/psm_3f9a1c2e
sleep 2
`;

/** A program that attaches and detaches, forks, and makes and removes: what the Events screen is for. */
const BUSY = `python3 - <<'PY'
import ctypes, os, time
libc = ctypes.CDLL(None)
libc.shmat.restype = ctypes.c_void_p
libc.shmdt.argtypes = [ctypes.c_void_p]
libc.prctl(15, b'render')
shmid = libc.shmget(0x7001, 1 << 20, 0o1600)
for turn in range(6):
    at = libc.shmat(shmid, None, 0)
    time.sleep(0.04 + turn * 0.02)
    if turn == 3 and os.fork() == 0:
        libc.prctl(15, b'helper')
        time.sleep(0.2)
        os._exit(0)
    libc.shmdt(at)
    time.sleep(0.03)
fd = os.open('/dev/shm/render-tile', os.O_CREAT | os.O_RDWR, 0o600)
os.ftruncate(fd, 65536)
os.close(fd)
os.unlink('/dev/shm/render-tile')
private = libc.shmget(0, 4096, 0o600 | 0o1000)
at = libc.shmat(private, None, 0)
libc.shmctl(private, 0, None)
time.sleep(0.002)
libc.shmdt(at)
libc.shmctl(shmid, 0, None)
os.wait()
PY`;

const folder = mkdtempSync(join(tmpdir(), 'shmtop-pictures-'));
mkdirSync(out, { recursive: true });

const PICTURES = [
  { name: 'objects-80x24', columns: 80, rows: 24, keys: ['j', 'j'] },
  { name: 'objects-120x34', columns: 120, rows: 34, keys: ['j', 'j'] },
  { name: 'details-200x50', columns: 200, rows: 50, keys: ['j', '\r'] },
  { name: 'details-80x24', columns: 80, rows: 24, keys: ['j', '\r'] },
  { name: 'tree-120x34', columns: 120, rows: 34, keys: ['t', 'j', '+'] },
  { name: 'processes-120x34', columns: 120, rows: 34, keys: ['2', 'j'] },
  { name: 'events-120x34', columns: 120, rows: 34, keys: ['3'], act: BUSY },
  { name: 'throughput-120x34', columns: 120, rows: 34, keys: ['4', 'l'], laterMs: 8000 },
  { name: 'where-120x34', columns: 120, rows: 34, keys: ['5'] },
  { name: 'who-80x24', columns: 80, rows: 24, keys: ['w'] },
  { name: 'ceilings-120x34', columns: 120, rows: 34, keys: ['6', 'g'] },
  { name: 'ceiling-details-200x50', columns: 200, rows: 50, keys: ['6', 'g', '\r'] },
  { name: 'removal-countdown-80x24', columns: 80, rows: 24, keys: ['d'] },
  {
    name: 'removal-dialog-120x34',
    columns: 120,
    rows: 34,
    keys: [' ', ' ', 'Gkk', ' ', 'kkkkk', ' ', 'g', 'd'],
  },
  { name: 'help-100x40', columns: 100, rows: 40, keys: ['?'] },
  { name: 'light-120x34', columns: 120, rows: 34, keys: ['j'], args: ['--theme', 'light'], palette: LIGHT },
  { name: 'no-color-80x24', columns: 80, rows: 24, keys: ['j'], env: { NO_COLOR: '1' } },
  { name: 'small-40x10', columns: 40, rows: 10, keys: [] },
];

const isWanted = (name) => wanted.length === 0 || wanted.includes(name);

function start(place, { columns, rows, args = [], env = {} }) {
  const [command, ...enter] = [...place.enter, process.execPath, join(root, 'dist/main.js'), '--min-age', '0', ...args];
  return new VirtualTerminal(command, enter, {
    columns,
    rows,
    env: { XDG_STATE_HOME: folder, XDG_CONFIG_HOME: folder, ...env },
  });
}

async function take(place, picture) {
  const terminal = start(place, picture);
  await terminal.until(/of \d+/);
  await sleep(4500);
  for (const key of picture.keys) {
    terminal.type(key);
    await sleep(200);
  }
  if (picture.act) await place.run(picture.act);
  await sleep(picture.laterMs ?? 1200);
  writeFileSync(join(out, `${picture.name}.png`), svgToPng(screenToSvg(terminal, picture.palette)));
  terminal.close();
}

/** Five moments in one picture: attach, the holder dies, what is left and why, the question, its end. */
async function takeStory(place) {
  const terminal = start(place, { columns: 110, rows: 16 });
  await terminal.until(/of \d+/);
  terminal.type('/story\r');
  await terminal.until(/Nothing passes the filter/);
  const frames = [];
  const snap = async (caption, seen) => {
    await terminal.until(seen);
    await sleep(200);
    frames.push({ caption, svg: screenToSvg(terminal) });
  };
  const worker = 'python3 /tmp/scene.py psm_story 16 worker >/dev/null 2>&1 & echo $! > /tmp/story.pid';
  await place.run(worker);
  await snap('1. A program makes shared memory and maps it: a new row, marked +', /in-use +posix:\/psm_story/);
  await place.run('kill -9 $(cat /tmp/story.pid)');
  await snap('2. It is killed. Its memory stays: the row changes, marked ~', /unheld +posix:\/psm_story/);
  terminal.type('\r');
  await snap('3. Enter: who made it, why nobody needs it, and what its removal would give back', /If removed/);
  terminal.type('\x1b');
  await sleep(200);
  terminal.type('d');
  await snap('4. d asks before it removes what somebody may still want; Cancel is marked', /\[ Cancel \]/);
  terminal.type('l\r');
  await snap('5. Remove was chosen: looked at once more, removed, marked - for a moment', /Removed posix:\/psm_story/);
  writeFileSync(join(out, 'leak-story.png'), svgToPng(stackSvg(frames)));
  terminal.close();
}

try {
  const place = await Place.open(SCENE, 2048);
  for (const picture of PICTURES) {
    if (!isWanted(picture.name)) continue;
    rmSync(join(folder, 'shmtop'), { recursive: true, force: true });
    await take(place, picture);
  }
  if (isWanted('leak-story')) await takeStory(place);
  await place.close();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
