// `ls --json` and `--ndjson`, written as they are made.
import type { ShmObject } from '../probe/model/object.ts';
import type { Snapshot } from '../probe/model/snapshot.ts';
import { ByteWriter } from './byte-writer.ts';
import { jsonOfGap, jsonOfLimits, jsonOfNamespace, jsonOfSituation } from './json.ts';
import { writeObject } from './object-json.ts';

type Write = (bytes: Uint8Array) => void;

/** One JSON object, one line an object inside. `objects` are those of the snapshot that are wanted, in their order. */
export function writeSnapshotJson(snapshot: Snapshot, objects: readonly ShmObject[], write: Write): void {
  const out = new ByteWriter(write);
  const namespaces = snapshot.namespaces?.map(jsonOfNamespace);
  const head = JSON.stringify({ ...jsonOfSituation(snapshot), limits: jsonOfLimits(snapshot.limits), namespaces });
  out.text(`${head.slice(0, -1)},\n"objects":[`);
  for (let at = 0; at < objects.length; at++) {
    out.ascii(at === 0 ? '\n' : ',\n');
    writeObject(out, objects[at]);
  }
  out.text(`\n],\n"gaps":${JSON.stringify(snapshot.gaps.map(jsonOfGap))}}\n`);
  out.flush();
}

/** One line an object and nothing else. */
export function writeObjectLines(objects: readonly ShmObject[], write: Write): void {
  const out = new ByteWriter(write);
  for (const object of objects) {
    writeObject(out, object);
    out.ascii('\n');
  }
  out.flush();
}
