// Checks of a plan: how messages are got at, how many share a ring, and which memory it lies in.
import type { Hardware } from './hardware.ts';
import { MOST_SIDES } from './model/many.ts';
import type { LoadOptions } from './model/options.ts';
import { type LoadProblem, problem } from './model/problem.ts';
import { bytesText } from './model/size.ts';

/** Modes that wait for indices and not for each message. */
const INDEXED: ReadonlySet<string> = new Set(['futex', 'spin']);
const isCarriedInMemory = ({ transport, job }: LoadOptions) => transport === 'shm' && job === 'stream';

/** True where a ring is shared by many, and not a ring a pair. */
export function isShared(options: LoadOptions): boolean {
  return isCarriedInMemory(options) && (options.producers !== undefined || options.consumers !== undefined);
}

/** Pipes and round trips are copied, whatever was asked for. */
export function apiOf(options: LoadOptions): LoadOptions['api'] {
  return isCarriedInMemory(options) ? options.api : 'copy';
}

/** The first thing that does not go together with the rest. */
export function checkSharing(options: LoadOptions): LoadProblem | undefined {
  return checkApi(options) ?? checkMany(options);
}

function checkApi(options: LoadOptions): LoadProblem | undefined {
  const { sync, buffer, group, readerRate, rate } = options;
  const api = apiOf(options);
  if (api === 'copy') return undefined;
  const refuse = (why: string) => problem('refused', `Messages are not had by --api ${api} ${why}.`);
  if (buffer === 'unbounded') return refuse('from an unbounded buffer');
  if (sync === 'none')
    return refuse('without synchronisation (none): the reader would see them change under its hands');
  if (api === 'view') return undefined;
  if (!INDEXED.has(sync)) return refuse(`in mode ${sync}: use futex or spin`);
  if (group > 1) return refuse('in groups (--group): each buffer is loaned by itself');
  if (rate !== undefined || readerRate !== undefined) return refuse('at a fixed rate');
  return undefined;
}

function checkMany(options: LoadOptions): LoadProblem | undefined {
  if (!isShared(options)) return undefined;
  const { producers = 1, consumers = 1, pairs, sync, group, rate, readerRate, buffer, api } = options;
  const isNumber = (count: number) => Number.isInteger(count) && count >= 1 && count <= MOST_SIDES;
  const refuse = (why: string) => problem('refused', `A ring that many share (--producers, --consumers) ${why}.`);
  if (!isNumber(producers) || !isNumber(consumers)) return refuse(`takes 1 to ${MOST_SIDES} of each`);
  if (pairs > 1) return refuse('is one ring: --pairs does not go with it');
  if (!INDEXED.has(sync)) return refuse(`cannot be had in mode ${sync}: use futex or spin`);
  if (api !== 'copy') return refuse('is copied from: --api does not go with it');
  if (buffer === 'unbounded') return refuse('has fixed slots: it does not grow');
  if (group > 1) return refuse('takes no groups (--group)');
  if (rate !== undefined || readerRate !== undefined) return refuse('takes no fixed rates');
  return undefined;
}

/** Nodes must be there, and pages set aside by somebody who may. Nothing of the machine is changed. */
export function checkHardware(
  { huge, backing, nodes, pin }: LoadOptions,
  segmentBytes: number,
  hardware: Hardware,
): LoadProblem | undefined {
  for (const node of nodes ?? []) {
    if (hardware.nodes.some((each) => each.node === node)) continue;
    const known = hardware.nodes.map((each) => each.node).join(', ') || 'none';
    return problem('refused', `There is no node ${node} with processors: this machine has ${known}.`);
  }
  if (nodes && pin) return problem('refused', 'Choose one of --pin and --node: both say where the workers run.');
  if (!huge) return undefined;
  if (backing === 'posix')
    return problem('refused', 'Huge pages cannot be had in /dev/shm. Use sysv or memfd instead (--backing).');
  const { hugePageBytes, hugePagesFree } = hardware;
  if (hugePageBytes === 0) return problem('refused', 'This kernel has no huge pages.');
  const needed = segmentBytes / hugePageBytes;
  if (needed <= hugePagesFree) return undefined;
  return problem(
    'refused',
    `The segment needs ${needed} huge pages of ${bytesText(hugePageBytes)}, and ${hugePagesFree} are free. ` +
      `Set some aside as root, and give them back afterwards: sysctl vm.nr_hugepages=N.`,
  );
}
