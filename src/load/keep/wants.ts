// What a run needs of the kernel that does not go with the last process that uses it: semaphore sets and message queues.

/** How many of each; 0 for none. */
export interface KeepWants {
  /** Rings of a semaphore set, each with two semaphores, one of `slots`. */
  readonly rings: number;
  readonly slots: number;
  /** System V message queues. */
  readonly queues: number;
  /** POSIX message queues, each of so many bytes a message. */
  readonly mqs: number;
  readonly mqBytes: number;
}

/** What there is, as the keeper tells it in one line of JSON. */
export interface Kept {
  /** In an IPC namespace of its own, which takes all of it along with the last process. */
  readonly isRoom: boolean;
  /** Absent where none was wanted: 0 is the number of a set. */
  readonly semaphoreSet?: number;
  readonly queues: readonly number[];
  /** Names without a slash. */
  readonly mqs: readonly string[];
  /** Why not all of it could be made; the rest was taken back. */
  readonly refusal?: string;
}

const WORD = /^(rings|slots|queues|mqs|mq-bytes|parent)=(\d{1,10})$/;

/** The words of the keeper's command line. */
export function formatWants(wants: KeepWants, parentPid: number): string[] {
  const { rings, slots, queues, mqs, mqBytes } = wants;
  const values = { rings, slots, queues, mqs, 'mq-bytes': mqBytes, parent: parentPid };
  return ['keeper', ...Object.entries(values).map(([name, value]) => `${name}=${value}`)];
}

/** The same back; undefined when they are not such. */
export function parseWants(words: readonly string[]): (KeepWants & { readonly parentPid: number }) | undefined {
  const values = new Map<string, number>();
  for (const word of words) {
    const match = WORD.exec(word);
    if (!match) return undefined;
    values.set(match[1], Number(match[2]));
  }
  const of = (name: string) => values.get(name) ?? 0;
  if (!values.has('parent')) return undefined;
  return {
    rings: of('rings'),
    slots: of('slots'),
    queues: of('queues'),
    mqs: of('mqs'),
    mqBytes: of('mq-bytes'),
    parentPid: of('parent'),
  };
}

/** What a keeper told; undefined for anything that it does not tell. */
export function parseKept(line: string): Kept | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isKept(value) ? value : undefined;
  } catch {
    return undefined; // SyntaxError: cut off
  }
}

function isKept(value: unknown): value is Kept {
  if (typeof value !== 'object' || value === null) return false;
  const { isRoom, semaphoreSet, queues, mqs } = value as Record<string, unknown>;
  return (
    typeof isRoom === 'boolean' &&
    (semaphoreSet === undefined || typeof semaphoreSet === 'number') &&
    Array.isArray(queues) &&
    Array.isArray(mqs)
  );
}
