// Removals in which one system call fails: afterwards each object is whole under its name, or gone and told so, or told where it is.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { IPC } from '../../../src/native/layout.ts';
import { isLibc, loadLibc } from '../../../src/native/libc.ts';
import { shmget } from '../../../src/native/sysv.ts';
import type { ShmObject } from '../../../src/probe/model/object.ts';
import { failNth, REMOVING_CALLS } from '../../attack/failing-calls/fail-nth.ts';
import { assertPrivate, clean, planAll, remove, sample, sleep, Tally } from './world.ts';

const SEGMENTS = 140;
const ERRNOS = [12, 24]; // ENOMEM, EMFILE
const MOST_CALLS = 400;

assertPrivate();
const loaded = loadLibc();
if (!isLibc(loaded)) throw new Error(loaded.reason);
const libc = loaded;
const tally = new Tally();

/** One removal of one object, for each call of it that may fail, until none fails any more. */
function failEach(
  kind: string,
  make: () => ShmObject | undefined,
  check: (object: ShmObject, told: string) => void,
): void {
  for (const errno of ERRNOS) {
    for (let n = 0; n < MOST_CALLS; n++) {
      const object = make();
      if (!object) return;
      const plans = planAll(false, ({ id }) => id === object.id);
      if (plans.length !== 1) throw new Error(`${object.id} is not listed`);
      const failing = failNth(libc, n, errno, REMOVING_CALLS);
      let told = '';
      try {
        const report = remove(plans);
        told = `${JSON.stringify(report.results.map(({ outcome }) => outcome))} ${report.notes.join(' ')}`;
        tally.add(`${kind} ${report.results[0]?.outcome.kind}`);
      } catch (error) {
        tally.expect(false, `${failing.failed} (${errno}): threw ${error}`);
      } finally {
        failing.restore();
      }
      const before = tally.wrong.length;
      check(object, told);
      for (let at = before; at < tally.wrong.length; at++)
        tally.wrong[at] = `${failing.failed} (${errno}): ${tally.wrong[at]}; told: ${told}`;
      if (failing.failed === undefined) {
        tally.expect(told.includes('"removed"'), `${kind}: nothing failed, and it was not removed: ${told}`);
        break;
      }
    }
  }
}

let count = 0;
const named = (name: string) => sample().objects.find(({ rawName }) => rawName === name);
const isToldGone = (told: string) => told.includes('"removed"');
const leftAside = () => readdirSync('/dev/shm').filter((name) => name.startsWith('.shmtop-'));
/** What stayed is told, and is empty but for what is told to lie in it. */
function checkAside(told: string): void {
  for (const name of leftAside()) {
    tally.expect(told.includes(name) || told.includes('had to stay'), `${name} was left without a word`);
    rmSync(`/dev/shm/${name}`, { recursive: true });
  }
}

failEach(
  'file',
  () => {
    writeFileSync(`/dev/shm/file-${count}`, `content ${count}`);
    return named(`/file-${count++}`);
  },
  ({ rawName }, told) => {
    const path = `/dev/shm${rawName}`;
    const isThere = existsSync(path) && readFileSync(path, 'utf8') === `content ${rawName.slice('/file-'.length)}`;
    tally.expect(
      isThere !== isToldGone(told) || told.includes('"displaced"'),
      `${rawName} is ${isThere ? 'there' : 'gone'}`,
    );
    checkAside(told);
  },
);
failEach(
  'directory',
  () => {
    mkdirSync(`/dev/shm/directory-${count}`);
    return named(`/directory-${count++}`);
  },
  ({ rawName }, told) => {
    const isThere = existsSync(`/dev/shm${rawName}`);
    tally.expect(
      isThere !== isToldGone(told) || told.includes('"displaced"'),
      `${rawName} is ${isThere ? 'there' : 'gone'}`,
    );
    checkAside(told);
  },
);
const shmids = Array.from({ length: SEGMENTS }, () => shmget(libc, 0, 4096, IPC.CREAT | 0o640));
sleep(1200);
failEach(
  'segment',
  () => {
    const shmid = shmids.pop();
    return sample().objects.find((object) => object.shmid === shmid);
  },
  ({ shmid }, told) => {
    const row = readFileSync('/proc/sysvipc/shm', 'latin1')
      .split('\n')
      .map((line) => line.trim().split(/\s+/))
      .find(([, id]) => id === String(shmid));
    tally.expect((row === undefined) === isToldGone(told), `segment ${shmid} is ${row ? 'there' : 'gone'}`);
    if (row) tally.expect(row[2] === '640' || told.includes('permissions'), `segment ${shmid} has mode ${row[2]}`);
  },
);
tally.expect(statSync('/dev/shm').isDirectory(), 'no /dev/shm');
clean();
tally.print();
