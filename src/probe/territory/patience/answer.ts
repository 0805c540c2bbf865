// How the process that reads in our place finds its answers: with the same readers, in a place that may hang.
import type { Libc } from '../../../native/libc.ts';
import { compareAddressSpaces } from '../../../native/process.ts';
import { GapList } from '../../model/gap.ts';
import { interestIn } from '../../model/join/interest.ts';
import { HoldingsReader } from '../../source/holdings.ts';
import type { Io } from '../../source/io.ts';
import { hasMapped } from '../../source/libraries.ts';
import { searchMemory } from '../../source/memory-search.ts';
import { readMentions } from '../../source/mentions.ts';
import { readPidNames } from '../../source/pid-names.ts';
import { readPlacement } from '../../source/placement.ts';
import { readProcessShare } from '../../source/process-share.ts';
import { readResidents } from '../../source/residents.ts';
import { type Answers, type Question, requestOf } from './question.ts';

/** Answers one question after the other; each may take for ever. */
export function openAnswerer(io: Io, libc: Libc, procRoot: string, isOwnProc: boolean) {
  const reader = new HoldingsReader(io, libc, procRoot, isOwnProc);
  const patterns = new Map<string, RegExp>();
  return (question: Question): Answers[Question['ask']] => {
    switch (question.ask) {
      case 'look':
        reader.startLook(question.keptExcess);
        return true;
      case 'holdings': {
        const gaps = new GapList();
        const request = requestOf(question.request);
        // What it is true for, the one who asks knows: a mark tells him whether it may be kept.
        const stamp = { requestKey: 'whole', namesEpoch: 0 };
        const read = reader.read(question.pid, { ...request, isWanted: interestIn(request) }, gaps, stamp);
        return { read, gaps: gaps.list() };
      }
      case 'mappings':
        return { records: reader.mappings(question.pid, new Set(question.privateDevices)) };
      case 'memory':
        return compareAddressSpaces(libc, question.pid, question.other);
      case 'names':
        return { names: readPidNames(io, procRoot, question.pid) };
      case 'library': {
        const key = `${question.flags} ${question.pattern}`;
        const pattern = patterns.get(key) ?? new RegExp(question.pattern, question.flags);
        patterns.set(key, pattern);
        return hasMapped(io, procRoot, question.pid, pattern);
      }
      case 'mentions':
        return readMentions(io, procRoot, question.pid, question.names);
      case 'stat':
        return io.stat(question.path, 'follow');
      case 'search':
        return searchMemory(libc, io, procRoot, question.step);
      case 'share':
        return readProcessShare(question.pid, procRoot);
      case 'placement':
        return readPlacement(io, procRoot, question.object);
      case 'residents':
        return readResidents(question.object, question.pageBytes, procRoot);
    }
  };
}
