// The limits beside those of segments and mounts, for whoever asks for them: semaphores, queues, huge pages, control groups of holders.
import type { ShmObject } from '../model/object.ts';
import type { OtherLimit } from '../model/other-limits.ts';
import type { MemoryGroup } from '../source/group-memory.ts';
import { readOtherLimits } from '../source/other-limits.ts';
import type { Machine } from './machine.ts';

export function limitsBeside(machine: Machine, objects: readonly ShmObject[]): readonly OtherLimit[] {
  const { io, ownLibc, procKind, ledger, places, groups } = machine;
  if (procKind !== 'own') return [];
  const pids = new Set<number>();
  for (const { holders } of objects) for (const { pid } of holders) pids.add(pid);
  const found = new Map<string, MemoryGroup>();
  for (const pid of pids) {
    const group = places.groupOf(pid, ledger.notes(pid));
    if (group) found.set(group.path, group);
  }
  return [...readOtherLimits(io, ownLibc), ...groups.read([...found.values()])];
}
