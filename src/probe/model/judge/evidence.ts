// Why a verdict was given: codes with values (data), and their wording for people.
import { type ByteString, escapeBytes, utf8Bytes } from '../bytes.ts';

export type EvidenceCode = keyof typeof WORDS;

/** One reason. Values are absent where the code does not need them. */
export interface Evidence {
  readonly code: EvidenceCode;
  readonly pid?: number;
  readonly comm?: ByteString;
  readonly count?: number;
  readonly seconds?: number;
  readonly limitSeconds?: number;
  readonly software?: string;
  readonly detail?: string;
}

const plural = (count: number | undefined, one: string, many = `${one}s`) =>
  `${count ?? 0} ${count === 1 ? one : many}`;
const process = (e: Evidence) => `${e.pid ?? '?'}${e.comm === undefined ? '' : ` (${escapeBytes(e.comm)})`}`;

/** Every code with its sentence. */
const WORDS = {
  // in use
  held: (e: Evidence) => `held by ${plural(e.count, 'process', 'processes')}`,
  attached: (e: Evidence) => `the kernel counts ${plural(e.count, 'mapping')} (nattch)`,
  'hidden-mappings': (e: Evidence) => `${plural(e.count, 'mapping')} in processes that could not be looked into`,
  'lease-busy': () => 'the kernel says that it is open or mapped, though no process table shows by whom',
  'children-held': (e: Evidence) => `${plural(e.count, 'object')} inside ${e.count === 1 ? 'is' : 'are'} in use`,
  // nobody holds it
  'nobody-attached': () => 'nobody is attached (nattch 0, counted by the kernel over all processes)',
  'nobody-holds': () => 'no process maps it or has it open',
  'lease-free': () => 'the kernel confirms that nobody has it open or mapped (lease granted)',
  // makers
  'creator-dead': (e: Evidence) => `creator ${e.pid} is gone`,
  'creator-zombie': (e: Evidence) => `creator ${e.pid} has exited (zombie, not yet reaped)`,
  'creator-reused': (e: Evidence) =>
    `creator ${e.pid} is gone; its pid now belongs to a later process${e.comm === undefined ? '' : ` (${escapeBytes(e.comm)})`}`,
  'creator-alive': (e: Evidence) => `creator ${process(e)} is alive and may come back to it`,
  'creator-invisible': () => 'the creator is in another pid namespace: nobody here can tell whether it is alive',
  'creator-hidden': (e: Evidence) => `creator ${e.pid} exists, but /proc does not show it`,
  'last-user-dead': (e: Evidence) => `last user ${e.pid} is gone`,
  'last-user-alive': (e: Evidence) => `last user ${process(e)} is alive and may come back to it`,
  'last-user-invisible': () => 'the last user is in another pid namespace: nobody here can tell whether it is alive',
  'last-user-hidden': (e: Evidence) => `last user ${e.pid} exists, but /proc does not show it`,
  'never-attached': () => 'it has never been attached',
  'maker-unknown': () => 'the kernel keeps no creator of such an object, and no rule of its software applies',
  'outside-invisible': () => 'processes out of sight (outside this container, or hidden by /proc) may still want it',
  // names and software
  'name-pid-dead': (e: Evidence) => `process ${e.pid}, named by it, is gone`,
  'name-pid-alive': (e: Evidence) => `process ${process(e)}, named by it, may be alive`,
  'software-leftover': (e: Evidence) =>
    `${e.software} leaves such an object behind only when it was killed${e.detail ? `: ${e.detail}` : ''}`,
  'software-alive': (e: Evidence) =>
    e.pid
      ? `${e.software} is running (process ${process(e)}) and may want it`
      : `another object of ${e.software} and of the same owner is in use: who uses that may want this one too`,
  'other-names': (e: Evidence) => `it has ${plural(e.count, 'more name')}: somebody wanted to keep it`,
  'mounted-elsewhere': () => 'it is mounted at another place too: somebody wants it there',
  'software-keeps': (e: Evidence) => `${e.software} keeps such objects on purpose`,
  'user-data': (e: Evidence) => `it is data of ${e.software}: removing it loses data`,
  'vendor-tool': (e: Evidence) =>
    `it looks like ${e.software}: ask its own tool first${e.detail ? ` (${e.detail})` : ''}`,
  'not-dedicated': () =>
    'its /dev/shm is a folder of a tmpfs, or a tmpfs that is mounted elsewhere too: what lies there may be anything',
  'names-unlisted': () =>
    'there are more names beside it than were looked at: another of the same software may be in use',
  'mounts-unknown': () => 'not all mount tables could be read: it may be mounted, and wanted, at another place',
  'on-disk': (e: Evidence) =>
    `lies on disk (${escapeBytes(e.detail ?? 'no tmpfs')}): what it takes is page cache, not memory that its end gives back`,
  // time
  'too-young': (e: Evidence) =>
    `used ${plural(e.seconds, 'second')} ago; patience is ${plural(e.limitSeconds, 'second')}`,
  'age-unknown': () => 'when it was last used is not known',
  'clock-ahead': () => 'its times lie in the future: the clock was set, so its age is not known',
  // not knowable
  'not-inspected': (e: Evidence) =>
    `${plural(e.count, 'process', 'processes')} could not be looked into and may hold it`,
  'lease-denied': () => 'the kernel answers "does anybody hold it?" only to its owner or root',
  'lease-unavailable': () => 'the kernel could not be asked whether anybody has it open (no lease on this file system)',
  'listener-unknown': () => 'whether a process listens on this socket is not visible from here',
  directory: () => 'a directory: it holds no memory of its own',
  'not-a-file': (e: Evidence) =>
    `a ${e.detail === 'other' ? 'special file' : (e.detail ?? 'special file')}: it holds no memory of its own`,
  'namespace-closed': () => 'seen only through its mappings: its IPC namespace is gone, or could not be entered',
} as const;

/** The sentence for one piece of evidence, safe to print. */
export function evidenceText(evidence: Evidence): string {
  const { software, detail } = evidence;
  if (software === undefined && detail === undefined) return WORDS[evidence.code](evidence);
  // The software table may be extended by the user: its words are text from outside too.
  const safe = (text: string | undefined) => (text === undefined ? undefined : escapeBytes(utf8Bytes(text)));
  return WORDS[evidence.code]({ ...evidence, software: safe(software), detail: safe(detail) });
}

/** All codes, for the documentation and the JSON Schema. */
export const EVIDENCE_CODES = Object.keys(WORDS) as readonly EvidenceCode[];

/** Codes that time alone changes: a verdict with one of them must be given anew at every tick. */
export const AGING_CODES: ReadonlySet<EvidenceCode> = new Set(['too-young', 'clock-ahead', 'age-unknown']);

/** What a reason speaks for: `for` a leak, `against` it (somebody holds it, or may come back), or neither (a `fact`). */
export type EvidenceSide = 'for' | 'against' | 'fact';

const FOR: ReadonlySet<EvidenceCode> = new Set([
  'creator-dead',
  'creator-zombie',
  'creator-reused',
  'last-user-dead',
  'name-pid-dead',
  'software-leftover',
]);
const FACTS: ReadonlySet<EvidenceCode> = new Set([
  'nobody-attached',
  'nobody-holds',
  'lease-free',
  'never-attached',
  'maker-unknown',
  'on-disk',
  'directory',
  'not-a-file',
]);

export function evidenceSide(code: EvidenceCode): EvidenceSide {
  return FOR.has(code) ? 'for' : FACTS.has(code) ? 'fact' : 'against';
}
