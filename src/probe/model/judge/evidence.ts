// Why a verdict was given: codes with values (data), and their wording for people.
import { type ByteString, escapeBytes, utf8Bytes } from '../bytes.ts';
import { WITNESS_SIDES, WITNESS_WORDS } from './witness-words.ts';

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
  'owner-absent': () => 'no process of its owner runs that can reach it',
  'owner-younger': (e: Evidence) =>
    `${plural(e.count, 'process', 'processes')} of its owner can reach it, all begun after its last use (a mere look at it may not show for a day)`,
  'owner-older': (e: Evidence) => `process ${process(e)} of its owner is older than it and can reach it`,
  'named-by': (e: Evidence) =>
    `process ${process(e)} has its name in its ${e.detail === 'environment' ? 'environment' : 'command line'}`,
  'family-alive': () => 'another object of its owner with a name of the same kind, as old as this one, is in use',
  'family-newer': () => 'its owner has made newer objects with a name of the same kind since it was last used',
  'outside-invisible': () => 'processes out of sight (outside this container, or hidden by /proc) may still want it',
  // names and software
  'name-pid-dead': (e: Evidence) => `process ${e.pid}, named by it, is gone`,
  'digits-pid-dead': (e: Evidence) => `${e.pid} in its name may be a pid: no process from its time has it any more`,
  'digits-pid-alive': (e: Evidence) => `${e.pid} in its name may be the pid of process ${process(e)}, which is alive`,
  'name-pid-alive': (e: Evidence) => `process ${process(e)}, named by it, may be alive`,
  'software-leftover': (e: Evidence) =>
    `${e.software} leaves such an object behind only when it was killed${e.detail ? `: ${e.detail}` : ''}`,
  'software-alive': (e: Evidence) =>
    e.pid
      ? `${e.software} is running (process ${process(e)}) and may want it`
      : `another object of ${e.software} and of the same owner is in use: who uses that may want this one too`,
  'software-began-later': (e: Evidence) =>
    `${e.software} is running (process ${process(e)}), but began only after the last use of this one`,
  'software-not-loaded': (e: Evidence) =>
    `${e.software} may run in process ${process(e)}, which has not loaded what it shares memory with`,
  'other-names': (e: Evidence) => `it has ${plural(e.count, 'more name')}: somebody wanted to keep it`,
  'mounted-elsewhere': () => 'it is mounted at another place too: somebody wants it there',
  'never-touch': (e: Evidence) => `it is on the never-touch list: ${e.detail ?? 'config.toml'}`,
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
  // not known yet, or not knowable
  'not-judged': () => 'who holds it has not been looked at yet: the first look goes on',
  'not-inspected': (e: Evidence) =>
    `${plural(e.count, 'process', 'processes')} could not be looked into and may hold it`,
  'lease-denied': () => 'the kernel answers "does anybody hold it?" only to its owner or root',
  'lease-unavailable': () => 'the kernel could not be asked whether anybody has it open (no lease on this file system)',
  'listener-unknown': () => 'whether a process listens on this socket is not visible from here',
  'listener-none': () =>
    'no process listens on this socket, and none ever will: who comes makes a new one (connect(2): refused)',
  'listener-bound': () => 'a process listens on this socket (connect(2))',
  directory: () => 'a directory: it holds no memory of its own',
  'directory-empty': () => 'it is empty: whoever made it may still mean to put something there',
  'content-leftover': (e: Evidence) =>
    `nobody wants what lies in it (${plural(e.count, 'object')}), as far as can be told`,
  'content-wanted': (e: Evidence) => `${plural(e.count, 'object')} in it may still be wanted`,
  'stood-in': (e: Evidence) =>
    e.pid === undefined
      ? 'not every process could be asked whether this is its working directory'
      : `it is the working directory or the root of process ${process(e)}`,
  'not-a-file': (e: Evidence) =>
    `a ${e.detail === 'other' ? 'special file' : (e.detail ?? 'special file')}: it holds no memory of its own`,
  'namespace-closed': () => 'seen only through its mappings: its IPC namespace is gone, or could not be entered',
  ...WITNESS_WORDS,
} as const;

/**
 * Which way a piece of evidence points: `for` a leak, `against` it (somebody holds it, may come back for it, or nobody can
 * tell), or a plain `fact` that says neither.
 */
export type EvidenceSide = 'for' | 'against' | 'fact';
export const EVIDENCE_SIDES: readonly EvidenceSide[] = ['for', 'against', 'fact'];

const SIDES: Readonly<Record<EvidenceCode, EvidenceSide>> = {
  held: 'against',
  attached: 'against',
  'hidden-mappings': 'against',
  'lease-busy': 'against',
  'children-held': 'against',
  'nobody-attached': 'fact',
  'nobody-holds': 'fact',
  'lease-free': 'fact',
  'creator-dead': 'for',
  'creator-zombie': 'for',
  'creator-reused': 'for',
  'creator-alive': 'against',
  'creator-invisible': 'against',
  'creator-hidden': 'against',
  'last-user-dead': 'for',
  'last-user-alive': 'against',
  'last-user-invisible': 'against',
  'last-user-hidden': 'against',
  'never-attached': 'fact',
  'maker-unknown': 'fact',
  'owner-absent': 'for',
  'owner-younger': 'for',
  'owner-older': 'against',
  'named-by': 'against',
  'family-alive': 'against',
  'family-newer': 'for',
  'outside-invisible': 'against',
  'name-pid-dead': 'for',
  'digits-pid-dead': 'for',
  'digits-pid-alive': 'against',
  'name-pid-alive': 'against',
  'software-leftover': 'for',
  'software-alive': 'against',
  'software-began-later': 'against',
  'software-not-loaded': 'against',
  'other-names': 'against',
  'mounted-elsewhere': 'against',
  'software-keeps': 'against',
  'never-touch': 'against',
  'user-data': 'against',
  'vendor-tool': 'against',
  'not-dedicated': 'against',
  'names-unlisted': 'against',
  'mounts-unknown': 'against',
  'on-disk': 'fact',
  'too-young': 'against',
  'age-unknown': 'against',
  'clock-ahead': 'against',
  'not-judged': 'against',
  'not-inspected': 'against',
  'lease-denied': 'against',
  'lease-unavailable': 'against',
  'listener-unknown': 'against',
  'listener-none': 'for',
  'listener-bound': 'against',
  directory: 'fact',
  'directory-empty': 'against',
  'content-leftover': 'for',
  'content-wanted': 'against',
  'stood-in': 'against',
  'not-a-file': 'fact',
  'namespace-closed': 'fact',
  ...WITNESS_SIDES,
};

/** Which way it points. */
export const evidenceSide = ({ code }: Pick<Evidence, 'code'>): EvidenceSide => SIDES[code];

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
export const AGING_CODES: ReadonlySet<EvidenceCode> = new Set([
  'too-young',
  'clock-ahead',
  'age-unknown',
  'ended-lately',
]);
