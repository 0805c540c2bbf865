// Why an object was not removed: codes as data, and for each what happened and what the reader can do.

export type RefusalCode = keyof typeof ADVICE;

/** One object that stays. `reason` says what happened, `advice` what to do; both without the end of a sentence, not escaped. */
export interface Refusal {
  readonly kind: 'refused';
  readonly code: RefusalCode;
  readonly reason: string;
  readonly advice: string;
}

const ADVICE = {
  // by policy
  'in-use': 'end the processes that hold it first, or give --force to remove it under them',
  unknown: 'run as root on the host to know, or give --force',
  'no-name': 'end the processes that hold it; it goes with the last one',
  'ordinary-file': 'use rm for files',
  'never-touch': 'change that line, or name the object by its ID with --force',
  'never-unknown': 'mend that file, or name the object by its ID with --force',
  'by-design': 'name it by its ID if you are sure',
  directory: 'name the directory itself by its ID; it has to be empty',
  'not-seen': 'run shmtop where its /dev/shm is mounted, or as root',
  // at the moment of removal
  changed: 'list it again',
  'too-fresh': 'try again in a second',
  'came-alive': 'list it again to see who holds it',
  busy: 'try again when the other shmtop is done',
  'not-empty': 'remove what is in it first',
  displaced: 'move it back yourself',
  namespace: 'run as root, or inside that namespace',
  permission: 'run as its owner or as root',
  unsupported: 'see shmtop doctor',
  failed: 'list it again; if it stays, report this',
  'not-saved': 'give --save a directory with room, or leave it out',
  journal: 'set XDG_STATE_HOME to a directory that can be written',
  interrupted: 'run it again for the rest',
} as const;

/** A refusal; `detail` is what happened, in words. */
export function refuse(code: RefusalCode, detail: string): Refusal {
  return { kind: 'refused', code, reason: detail, advice: ADVICE[code] };
}

/** The refusal for anything that is not what was listed: `what` is the difference. */
export function refuseChanged(what: string): Refusal {
  return refuse('changed', `changed since it was listed (${what})`);
}

/** All of them, for the JSON Schema. */
export const REFUSAL_CODES = Object.keys(ADVICE) as readonly RefusalCode[];
