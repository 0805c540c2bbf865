// Everybody who makes foreign territory large, endless or deaf, and what he must not reach: the folder of another user.
import type { Arena } from '../support/arena.ts';
import type { Attacker } from '../support/attacker.ts';

/** Of no process: beyond the highest pid that Linux has (PID_MAX_LIMIT). */
const DEAD = 4_194_305;
export const VICTIM = `torch_${DEAD}_1_0`;
const VICTIMS_UID = 64_999;
const MOST_SEC = 130;

/** Makes the victims: a folder of another user on the disk, and one on a tmpfs that is no /dev/shm. */
export const VICTIMS = `
for home in $disk/victim $folder/victim; do
  mkdir $home; echo precious > $home/${VICTIM}; mkdir $home/deep; echo precious > $home/deep/${VICTIM}
  chown -R ${VICTIMS_UID}:${VICTIMS_UID} $home
done
mkdir -m 777 $folder/mnt`;

export const victims = ({ disk, folder }: Arena): string[] =>
  [disk, folder].flatMap((home) => [`${home}/victim/${VICTIM}`, `${home}/victim/deep/${VICTIM}`]);

/** Starts all of them; resolves when every trap is set. */
export function attackWithAll(arena: Arena): Promise<Attacker[]> {
  const { fuse, disk, folder } = arena;
  const attackers: readonly (readonly [source: string, args: readonly string[], uid?: number])[] = [
    ['all/recursive-bind.sh', []],
    ['all/bind-of-victim.sh', [`${disk}/victim`]],
    ['all/bind-of-victim.sh', [`${folder}/victim`]],
    ['all/hung-fuse.c', [fuse]],
    ['all/hung-fuse.c', [fuse], 0],
    ['all/mmap-lock.c', [fuse, `${folder}/mnt`]],
    ['all/mappings.c', ['2']],
    ['all/descriptors.c', ['300000']],
    ['all/mounts.c', ['20000']],
    ['all/growing.c', []],
  ];
  return Promise.all(attackers.map(([source, args, uid]) => arena.attack(source, args, { uid, mostSec: MOST_SEC })));
}
