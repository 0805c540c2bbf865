// Who deletes shared memory on this machine without being asked: logind when a user's last session ends, and the kernel itself.
import type { Capability } from '../model/capability.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { isSpared, removeIpcOf } from '../parse/logind-conf.ts';
import { type Io, readText } from '../source/io.ts';

/** The kernel's own: segments go with their last attach, and with the process that made them (sysctl/kernel.txt). */
export function forcedRemoval({ limits }: Snapshot): Capability {
  const name = 'kernel.shm_rmid_forced';
  if (limits.shmRmidForced === undefined) {
    return {
      name,
      state: 'partly',
      found: '/proc/sys/kernel/shm_rmid_forced cannot be read',
      lost: 'whether the kernel removes segments with their last attach or their creator',
    };
  }
  if (!limits.shmRmidForced) return { name, state: 'yes', found: '0: segments stay until somebody removes them' };
  return {
    name,
    state: 'partly',
    found: '1: the kernel removes segments with their last attach or their creator',
    lost: 'every segment to which nobody is attached, wanted or not',
    advice: 'sysctl kernel.shm_rmid_forced=0, if programs here expect segments to stay',
  };
}

/** In the order in which systemd reads them; of drop-ins with one name only the last folder's counts. */
const FOLDERS = ['/usr/lib/systemd', '/usr/local/lib/systemd', '/run/systemd', '/etc/systemd'] as const;
const MOST_BYTES = 64 * 1024;
const MOST_DROP_INS = 64;

/** `root`: below it stands the machine's own file system; empty for this one. */
export function logindRemoval(io: Io, { host }: Snapshot, root = ''): Capability {
  const name = 'logind RemoveIPC';
  // logind makes it when it starts.
  if (!isThere(io, `${root}/run/systemd/seats`)) {
    return { name, state: 'yes', found: 'no systemd-logind here: nothing is removed when somebody logs out' };
  }
  const given = removeIpcOf(configuration(io, root));
  if (given === false) return { name, state: 'yes', found: 'no: what a user leaves stays when he logs out' };
  const setting = given === undefined ? 'yes (the default)' : 'yes';
  const { uid, user } = host;
  if (uid === undefined || isSpared(uid)) {
    return { name, state: 'yes', found: `${setting}: deletes what ordinary users leave when they log out, not yours` };
  }
  if (isThere(io, `${root}/var/lib/systemd/linger/${user}`)) {
    return { name, state: 'yes', found: `${setting}, but you linger (loginctl): nothing of yours is deleted` };
  }
  return {
    name,
    state: 'partly',
    found: `${setting}: deletes all your segments and names in /dev/shm when your last session ends`,
    lost: 'what programs that you started in the background have there, while they run',
    advice:
      'loginctl enable-linger, or RemoveIPC=no in /etc/systemd/logind.conf; services with User= of a system user are spared',
  };
}

function configuration(io: Io, root: string): string[] {
  const main = FOLDERS.findLast((folder) => isThere(io, `${root}${folder}/logind.conf`));
  const dropIns = new Map<string, string>();
  for (const folder of FOLDERS) {
    const names = io.readDir(`${root}${folder}/logind.conf.d`);
    if (typeof names === 'number') continue;
    for (const name of names.filter((each) => each.endsWith('.conf')).slice(0, MOST_DROP_INS))
      dropIns.set(name, `${root}${folder}/logind.conf.d/${name}`);
  }
  const sorted = [...dropIns].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, path]) => path);
  const paths = main === undefined ? sorted : [`${root}${main}/logind.conf`, ...sorted];
  return paths.map((path) => readText(io, path, MOST_BYTES)).filter((text) => typeof text === 'string');
}

const isThere = (io: Io, path: string) => typeof io.stat(path, 'follow') !== 'number';
