// What is near its end, each with the command lines that help: for summary and doctor, where somebody reads what to type.
import { consumersOf } from '../../probe/model/account/consumers.ts';
import { isForeign } from '../../probe/model/alarm.ts';
import type { Ceiling } from '../../probe/model/ceilings.ts';
import type { HostMemory } from '../../probe/model/host-memory.ts';
import type { Snapshot } from '../../probe/model/snapshot.ts';
import { remedyOf } from './ceiling-remedy.ts';
import { type NearWorld, nearEndLine, nearEntries } from './near-end.ts';
import { isTypable, shellWord } from './shell-word.ts';

export interface NearEnd {
  /** Safe to print, without an end. */
  readonly line: string;
  /** Command lines: what lists who fills it, then what makes it wider; often none. */
  readonly helps: readonly string[];
}

export function nearEndsWithHelp(
  snapshot: NearWorld & Pick<Snapshot, 'namespaces'>,
  memory?: HostMemory,
): readonly NearEnd[] {
  return nearEntries(snapshot, memory).map((entry) => ({
    line: nearEndLine(entry, snapshot),
    helps: (typeof entry === 'string' ? [] : entry).flatMap((ceiling) => [
      ...listing(ceiling, snapshot),
      ...remedy(ceiling, snapshot.limits.pageSizeBytes),
    ]),
  }));
}

function remedy(ceiling: Ceiling, pageSizeBytes: number): readonly string[] {
  const text = remedyOf(ceiling, pageSizeBytes);
  return text === undefined ? [] : [text];
}

/** What shmtop does not list itself: plain files, sets and queues. */
function listing(ceiling: Ceiling, { objects, host }: NearWorld): readonly string[] {
  switch (ceiling.kind) {
    case 'semaphore-sets':
      return ['ipcs -s'];
    case 'queues':
      return ['ipcs -q'];
    case 'mount-bytes': {
      const { path } = ceiling.mount;
      const hasObjects = consumersOf(ceiling, objects, host.ipcNamespace).length > 0;
      return hasObjects || isForeign(ceiling) || !isTypable(path)
        ? []
        : [`du -ahx ${shellWord(path)} | sort -h | tail`];
    }
    default:
      return [];
  }
}
