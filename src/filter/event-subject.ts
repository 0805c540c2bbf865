// What an event is about, for filters: the object as it is after it, with who did it among those whose pid and command may match.
import type { ShmEvent } from '../probe/model/event/event.ts';
import { lightObject } from '../probe/model/event/event-object.ts';
import type { Holder, ShmObject } from '../probe/model/object.ts';

export interface EventSubject {
  readonly event: ShmEvent;
  readonly object: ShmObject;
}

/** `known`: the object as it was last seen; absent: all that is known is what the event tells. */
export function subjectOf(event: ShmEvent, known: ShmObject | undefined): EventSubject {
  return { event, object: withActor(known ?? lightObject(event), event) };
}

function withActor(object: ShmObject, { pid, comm, nattch, sizeBytes }: ShmEvent): ShmObject {
  const actor: readonly Holder[] = pid === undefined ? [] : [{ pid, comm, mappings: [], fds: [] }];
  return {
    ...object,
    nattch: nattch ?? object.nattch,
    sizeBytes: sizeBytes ?? object.sizeBytes,
    holders: [...object.holders.filter((holder) => holder.pid !== pid), ...actor],
  };
}
