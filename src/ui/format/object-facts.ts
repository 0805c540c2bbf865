// Facts about one object as lines of plain words: identity, size, owner, makers, times. For `shmtop show` and the dashboard.
import { escapeBytes } from '../../probe/model/bytes.ts';
import type { Maker, ShmObject, Status } from '../../probe/model/object.ts';
import type { Snapshot } from '../../probe/model/snapshot.ts';
import { spelledKey } from '../../probe/model/spelled-key.ts';
import { spellBytes } from './bytes.ts';
import { describeContainer, formatOfHolders } from './container-text.ts';
import { formatDuration } from './duration.ts';
import { formatPermissionLetters } from './perms.ts';
import { safeText } from './safe-text.ts';
import type { Style } from './style.ts';
import { localTime } from './time.ts';

const PRIVATE_KEY = '0x00000000';

export function describeIdentity(object: ShmObject, { host }: Snapshot): string[] {
  const { id, kind, key, ipcNamespace, device, inode, links } = object;
  const lines = [`id ${id}`];
  if (key !== undefined)
    lines.push(key === PRIVATE_KEY ? 'no key (IPC_PRIVATE, or marked for destruction)' : describeKey(key));
  if (ipcNamespace !== undefined) {
    const whose = ipcNamespace === host.ipcNamespace ? 'ours' : 'not ours';
    lines.push(`IPC namespace ${ipcNamespace} (${whose})`);
  }
  if (object.mountNamespace !== undefined) lines.push(`mount namespace ${object.mountNamespace} (not ours)`);
  if (object.onDisk !== undefined) lines.push(`on disk (${safeText(object.onDisk)}): no memory`);
  if (object.onMemory !== undefined) lines.push(`on a ${object.onMemory}: its bytes are memory`);
  if (object.rawPath !== undefined) lines.push(`path ${escapeBytes(object.rawPath)}`);
  else if (kind !== 'sysv') lines.push(`name ${escapeBytes(object.rawName)}`);
  for (const name of object.otherRawNames ?? []) lines.push(`also named ${escapeBytes(name)}`);
  if (device !== undefined && inode !== undefined) {
    const names = links === undefined || links === 1 ? '' : `, ${links} names`;
    lines.push(`device ${device}, inode ${inode}${names}`);
  }
  if (object.container) lines.push(describeContainer(object.container));
  const unit = formatOfHolders(object.holders, 'unit');
  if (unit !== undefined) lines.push(`held by processes of unit ${unit}`);
  const job = formatOfHolders(object.holders, 'job');
  if (job !== undefined) lines.push(`held by processes of job ${job}`);
  return lines;
}

function describeKey(key: string): string {
  const text = spelledKey(key);
  return text === undefined ? `key ${key}` : `key ${key} (spells ${safeText(text)})`;
}

export function describeCost(object: ShmObject, style: Style): string[] {
  const { sizeBytes, rssBytes, swapBytes, allocatedBytes, hugePageBytes } = object;
  const exact = (bytes: number) => {
    const short = spellBytes(bytes, style);
    return bytes < 1024 || style.bytes === 'exact' ? short : `${short} (${bytes} bytes)`;
  };
  const lines: string[] = [];
  if (sizeBytes !== undefined) lines.push(`${exact(sizeBytes)} in length`);
  if (rssBytes !== undefined) lines.push(`${exact(rssBytes)} in memory, ${exact(swapBytes ?? 0)} in swap`);
  if (allocatedBytes !== undefined) lines.push(`${exact(allocatedBytes)} in memory or swap`);
  if (hugePageBytes !== undefined) lines.push(`made of huge pages of ${spellBytes(hugePageBytes, style)}`);
  return lines;
}

export function describeOwner(object: ShmObject): string[] {
  const { user, uid, group, gid, perms, cuid } = object;
  const lines: string[] = [];
  if (uid !== undefined)
    lines.push(`${withNumber(user, uid)}${gid === undefined ? '' : `, group ${withNumber(group, gid)}`}`);
  if (cuid !== undefined && cuid !== uid) lines.push(`made by uid ${cuid}, who may remove it too`);
  if (perms !== undefined) {
    const letters = formatPermissionLetters(perms);
    lines.push(`permissions ${perms}${letters === undefined ? '' : ` (${letters})`}`);
  }
  return lines;
}

const withNumber = (name: string | undefined, id: number) =>
  name === undefined ? String(id) : `${safeText(name)} (${id})`;

export function describeMakers({ creator, lastUser, verdict }: ShmObject): string[] {
  const lines: string[] = [];
  if (creator) lines.push(`creator ${spellMaker(creator)}`);
  if (lastUser) lines.push(`last user ${spellMaker(lastUser)}`);
  else if (verdict.evidence.some(({ code }) => code === 'never-attached')) lines.push('never attached');
  return lines;
}

function spellMaker({ pid, state, comm }: Maker): string {
  const who = pid === undefined ? '' : `${pid} `;
  const name = comm === undefined ? '' : `(${escapeBytes(comm)}) `;
  switch (state) {
    case 'alive':
      return `${who}${name}is alive`;
    case 'zombie':
      return `${who}has exited and waits to be reaped by its parent`;
    case 'dead':
      return `${who}is gone`;
    case 'reused':
      return `${who}is gone; its pid belongs to another process now`;
    case 'invisible':
      return pid === undefined ? 'is in another pid namespace, not visible here' : `${who}exists, but /proc hides it`;
  }
}

const STATUS_WORDS: Readonly<Record<Status, string>> = {
  dest: 'dest: marked for destruction, goes with its last mapping',
  locked: 'locked: stays in memory, is never swapped (SHM_LOCK)',
  hugetlb: 'hugetlb: made of huge pages',
};

export function describeStatus({ status }: ShmObject): string[] {
  return status.map((word) => STATUS_WORDS[word]);
}

export function describeTimes(object: ShmObject, nowSec: number): string[] {
  const isSegment = object.kind === 'sysv';
  const times: [string, number | undefined][] = [
    ['born', object.btimeSec],
    [isSegment ? 'made or changed' : 'changed', object.ctimeSec],
    ['written', object.mtimeSec],
    [isSegment ? 'last attach' : 'read', object.atimeSec],
    ['last detach', object.dtimeSec],
  ];
  const known = times.flatMap(([what, sec]) => {
    const text = localTime(sec);
    return text === undefined || sec === undefined ? [] : [{ what, text, ago: formatDuration(nowSec - sec) }];
  });
  const widest = Math.max(0, ...known.map(({ what }) => what.length));
  return known.map(({ what, text, ago }) => {
    const relative = ago === 'future' ? 'in the future: the clock was set' : `${ago} ago`;
    return `${what.padEnd(widest)}  ${text}  ${relative}`;
  });
}
