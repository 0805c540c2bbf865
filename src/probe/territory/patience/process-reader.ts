// What is read of other processes that can take for ever (their memory lock is theirs): here, as long as nothing has hung, and
// through a process of its own after that. The one door: whoever reads mappings, command lines or descriptors comes this way.
import { errorMessage } from '../../../fault/thrown.ts';
import { ENOSYS, ETIMEDOUT } from '../../../native/errno.ts';
import type { Libc } from '../../../native/libc.ts';
import { compareAddressSpaces } from '../../../native/process.ts';
import type { ByteString } from '../../model/bytes.ts';
import type { GapList } from '../../model/gap.ts';
import type { DeviceNumber, MappingRecord } from '../../model/join/mapping-record.ts';
import type { ShmObject } from '../../model/object.ts';
import type { Placement } from '../../model/placement.ts';
import type { ProcessShare } from '../../model/process-share.ts';
import type { Residents } from '../../model/residents.ts';
import { type HolderRequest, HoldingsReader, type NoMemory, type Stamp } from '../../source/holdings.ts';
import type { FileStat, Io } from '../../source/io.ts';
import { hasMapped } from '../../source/libraries.ts';
import { type Mention, readMentions } from '../../source/mentions.ts';
import { type PidNames, readPidNames } from '../../source/pid-names.ts';
import { isStat, readPidStat } from '../../source/pid-stat.ts';
import { readPlacement } from '../../source/placement.ts';
import type { Holdings } from '../../source/process-notes.ts';
import { readProcessShare } from '../../source/process-share.ts';
import { readResidents } from '../../source/residents.ts';
import { CarefulReader } from './careful-reader.ts';
import { beginPatientRead, endPatientRead, isCareful, isTrustingOwn, readPatiently } from './patience.ts';
import { plainRequest } from './question.ts';
import { trust } from './trust.ts';

export class ProcessReader {
  readonly #io: Io;
  readonly #libc: Libc | undefined;
  readonly #procRoot: string;
  readonly #isOwnProc: boolean;
  readonly #direct: HoldingsReader;
  readonly #isTrusted = trust();
  #careful: CarefulReader | undefined;

  /** `isOwnProc`: the numbers below `procRoot` are those of our own pid namespace. */
  constructor(io: Io, libc: Libc | undefined, procRoot: string, isOwnProc: boolean) {
    this.#io = io;
    this.#libc = libc;
    this.#procRoot = procRoot;
    this.#isOwnProc = isOwnProc;
    this.#direct = new HoldingsReader(io, libc, procRoot, isOwnProc);
  }

  /**
   * Begins a look: what all processes may cost together is there anew, but for what is kept (see `LookBudget`). The pids, in the
   * order in which to read them.
   */
  startLook(pids: readonly number[], keptExcess: number): readonly number[] {
    this.#direct.startLook(keptExcess);
    const careful = this.#through();
    careful?.startLook(keptExcess);
    return careful?.inOrder(pids) ?? pids;
  }

  /** A fault of ours in the reading of one process is told, and costs the look that process and nothing else. */
  holdings(pid: number, request: HolderRequest, gaps: GapList, stamp: Stamp): Holdings | NoMemory {
    const careful = this.#through(pid);
    if (careful) return this.#carefulHoldings(careful, pid, request, gaps, stamp);
    beginPatientRead(pid);
    try {
      return this.#direct.read(pid, request, gaps, stamp);
    } catch (error) {
      const detail = `a process whose reading failed: ${errorMessage(error)}`;
      gaps.add('proc', 'io', { pid, detail });
      return { mappings: [], fds: [], refused: { source: 'maps', reason: 'io' } };
    } finally {
      endPatientRead();
    }
  }

  /** Its shared mappings, and the private ones on these devices; empty when it is gone, undefined where they cannot be read. */
  mappings(pid: number, privateDevices: ReadonlySet<DeviceNumber>): readonly MappingRecord[] | undefined {
    const careful = this.#through(pid);
    if (careful) {
      const answer = careful.ask<'mappings'>(pid, { ask: 'mappings', pid, privateDevices: [...privateDevices] });
      return answer === 'no-answer' ? undefined : answer.records;
    }
    return readPatiently(pid, () => this.#direct.mappings(pid, privateDevices));
  }

  /** As `compareAddressSpaces`; -ETIMEDOUT where one does not answer. */
  compareMemory(pid: number, other: number): number {
    const libc = this.#libc;
    if (!libc) return -ENOSYS;
    const careful = this.#through(pid);
    if (!careful) return readPatiently(pid, () => compareAddressSpaces(libc, pid, other));
    const answer = careful.ask<'memory'>(pid, { ask: 'memory', pid, other });
    return answer === 'no-answer' ? -ETIMEDOUT : answer;
  }

  /** Of one that does not answer no name is known for sure. */
  names(pid: number): PidNames | undefined {
    const careful = this.#through(pid);
    if (!careful) return readPatiently(pid, () => readPidNames(this.#io, this.#procRoot, pid));
    const answer = careful.ask<'names'>(pid, { ask: 'names', pid });
    if (answer !== 'no-answer') return answer.names;
    const stat = readPidStat(this.#io, this.#procRoot, pid);
    return stat === 'gone' ? undefined : { comm: isStat(stat) ? stat.comm : '', isUnreadable: true };
  }

  /** True where that cannot be told. */
  hasMapped(pid: number, library: RegExp): boolean {
    const careful = this.#through(pid);
    if (!careful) return readPatiently(pid, () => hasMapped(this.#io, this.#procRoot, pid, library));
    const answer = careful.ask<'library'>(pid, { ask: 'library', pid, pattern: library.source, flags: library.flags });
    return answer === 'no-answer' || answer;
  }

  /** Of names of shared memory those that stand in its command line or environment; undefined where it does not answer. */
  mentions(pid: number, names: readonly ByteString[]): readonly Mention[] | undefined {
    const careful = this.#through(pid);
    if (!careful) return readPatiently(pid, () => readMentions(this.#io, this.#procRoot, pid, names));
    const answer = careful.ask<'mentions'>(pid, { ask: 'mentions', pid, names });
    return answer === 'no-answer' ? undefined : answer;
  }

  /** Of a path below the directory of a process, links followed; -ETIMEDOUT where it does not answer. */
  stat(pid: number, path: string): FileStat | number {
    const careful = this.#through(pid);
    if (!careful) return readPatiently(pid, () => this.#io.stat(path, 'follow'));
    const answer = careful.ask<'stat'>(pid, { ask: 'stat', pid, path });
    return answer === 'no-answer' ? -ETIMEDOUT : answer;
  }

  /** A process that does not answer refuses. */
  share(pid: number): ProcessShare {
    const careful = this.#through(pid);
    if (!careful) return readPatiently(pid, () => readProcessShare(pid, this.#procRoot));
    const answer = careful.ask<'share'>(pid, { ask: 'share', pid });
    return answer === 'no-answer' ? { pid, refused: 'it does not answer' } : answer;
  }

  /** Holders that do not answer are left out. */
  residents(object: ShmObject, pageBytes: number): Residents {
    const ranges = object.holders.flatMap((holder) => {
      const { pid } = holder;
      const part = { ...object, holders: [holder] };
      const careful = this.#through(pid);
      if (!careful) return readPatiently(pid, () => readResidents(part, pageBytes, this.#procRoot)).ranges;
      const answer = careful.ask<'residents'>(pid, { ask: 'residents', pid, object: part, pageBytes });
      return answer === 'no-answer' ? [] : answer.ranges;
    });
    return { id: object.id, ranges };
  }

  /** NUMA nodes and proportional shares; holders that do not answer are left out. */
  placement(object: ShmObject): Placement {
    const ranges = object.holders.flatMap((holder) => {
      const { pid } = holder;
      const part = { ...object, holders: [holder] };
      const careful = this.#through(pid);
      if (!careful) return readPatiently(pid, () => readPlacement(this.#io, this.#procRoot, part)).ranges;
      const answer = careful.ask<'placement'>(pid, { ask: 'placement', pid, object: part });
      return answer === 'no-answer' ? [] : answer.ranges;
    });
    return { id: object.id, ranges };
  }

  /** Is a process read here, without asking for it? */
  isReadHere(pid: number): boolean {
    return !isCareful() || !this.#libc || (isTrustingOwn() && this.#isOwnProc && this.#isTrusted(pid));
  }

  /** `pid`: absent for all of them. */
  #through(pid?: number): CarefulReader | undefined {
    if (!isCareful() || !this.#libc || (pid !== undefined && this.isReadHere(pid))) return undefined;
    this.#careful ??= new CarefulReader(this.#io, this.#libc, this.#procRoot, this.#isOwnProc);
    return this.#careful;
  }

  #carefulHoldings(
    careful: CarefulReader,
    pid: number,
    request: HolderRequest,
    gaps: GapList,
    { requestKey, namesEpoch }: Stamp,
  ): Holdings | NoMemory {
    const answer = careful.ask<'holdings'>(pid, { ask: 'holdings', pid, request: plainRequest(request) });
    if (answer === 'no-answer') return { mappings: [], fds: [], refused: { source: 'maps', reason: 'no-answer' } };
    for (const { source, reason, count, detail } of answer.gaps) gaps.add(source, reason, { pid, count, detail });
    const { read } = answer;
    if (typeof read === 'string') return read;
    return {
      ...read,
      requestKey: read.requestKey === undefined ? undefined : requestKey,
      namesEpoch: read.namesEpoch === undefined ? undefined : namesEpoch,
    };
  }
}
