// What carrying out plans would give back, and how full the fullest limit that it eases would then be. PURE.
import type { Ceiling } from '../../probe/model/ceilings.ts';
import { isToDo, type Plan } from './plan.ts';
import { otherNamespaceOf } from './policy.ts';

export interface Relief {
  /** Objects that would go. */
  readonly goes: number;
  /** Memory and swap that come back at once. */
  readonly freedBytes: number;
  /** Absent: none of the limits would be less full. */
  readonly eased?: { readonly ceiling: Ceiling; readonly before: number; readonly after: number };
}

/** What goes later, with its last holder, gives nothing back yet. Of the whole machine's RAM only where no nearer limit is eased. */
export function reliefOf(plans: readonly Plan[], ceilings: readonly Ceiling[]): Relief {
  const going = plans.filter(isToDo);
  const now = going.filter(({ effect }) => effect.outcome.startsWith('freed-now'));
  const freedBytes = now.reduce((sum, { effect }) => sum + (effect.freedBytes ?? 0), 0);
  const eased = ceilings.flatMap((ceiling) => {
    const { used = 0, limit } = ceiling;
    const less = going.reduce((sum, plan) => sum + lessOf(ceiling, plan), 0);
    if (!limit || less <= 0 || used <= 0) return [];
    return [{ ceiling, before: used / limit, after: Math.max(0, used - less) / limit }];
  });
  const near = eased.filter(({ ceiling }) => ceiling.kind !== 'shmem');
  const [fullest] = (near.length > 0 ? near : eased).sort((a, b) => b.before - a.before);
  return { goes: going.length, freedBytes, eased: fullest };
}

/** At once, in the unit of the ceiling. */
function lessOf(ceiling: Ceiling, { object, effect }: Plan): number {
  const isNow = effect.outcome.startsWith('freed-now');
  const bytes = isNow ? (effect.freedBytes ?? 0) : 0;
  const isOurs = isNow && object.kind === 'sysv' && otherNamespaceOf(object) === undefined;
  switch (ceiling.kind) {
    case 'shmem':
      return bytes;
    case 'segments':
      return isOurs ? 1 : 0;
    case 'pages':
      return isOurs ? (object.sizeBytes ?? 0) : 0;
    case 'mount-bytes':
      return isOn(ceiling.mount.device, object) ? bytes : 0;
    case 'mount-inodes':
      // What has no memory (a socket) has an inode all the same, and it goes with its last name.
      return isOn(ceiling.mount.device, object) && (isNow || isLastName(object, effect.outcome)) ? 1 : 0;
    case 'namespace-segments':
      return isNow && object.ipcNamespace === ceiling.namespace.id && object.kind === 'sysv' ? 1 : 0;
    case 'namespace-pages':
      return isNow && object.ipcNamespace === ceiling.namespace.id ? (object.sizeBytes ?? 0) : 0;
    default:
      return 0;
  }
}

const isOn = (device: string, { kind, device: own }: Plan['object']) => kind === 'posix' && own === device;

const isLastName = ({ links = 1, type }: Plan['object'], outcome: Plan['effect']['outcome']) =>
  outcome === 'name-only' && type !== 'file' && type !== 'semaphore' && (type === 'directory' || links <= 1);
