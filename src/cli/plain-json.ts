// Objects and snapshots as plain JSON values, by the table of fields: what `show --json` writes, and what the fast writer of
// `ls --json` (object-json.ts) must write too.
import { escapeBytes } from '../probe/model/bytes.ts';
import type { ShmObject } from '../probe/model/object.ts';
import { type JsonForm, type JsonForms, WRITTEN_FIELDS } from '../probe/model/object-fields.ts';
import type { Snapshot } from '../probe/model/snapshot.ts';
import { spelledKey } from '../probe/model/spelled-key.ts';
import { safeText } from '../ui/format/safe-text.ts';
import { isoTime } from '../ui/format/time.ts';
import {
  type Json,
  jsonOfContainer,
  jsonOfGap,
  jsonOfHolder,
  jsonOfLimits,
  jsonOfMaker,
  jsonOfNamespace,
  jsonOfSituation,
  jsonOfSoftware,
  jsonOfVerdict,
  nameBytesOf,
} from './json.ts';

/** One object of `ls --json`; fields that are undefined are left out by JSON.stringify. */
export function jsonOfObject(object: ShmObject): Json {
  const json: Record<string, unknown> = {};
  for (const { field, name, form } of WRITTEN_FIELDS) {
    const value = object[field];
    json[name] = value === undefined ? undefined : write(form, value);
    if (form === 'key' && object.key !== undefined) json.keyText = spelledKey(object.key);
    if (form === 'name') json.nameBytes = nameBytesOf(object.rawName, escapeBytes(object.rawName));
  }
  return json;
}

/** The whole of `ls --json`; slow but plain: what `json-stream.ts` writes must say the same. */
export function jsonOfSnapshot(snapshot: Snapshot): Json {
  return {
    ...jsonOfSituation(snapshot),
    limits: jsonOfLimits(snapshot.limits),
    namespaces: snapshot.namespaces?.map(jsonOfNamespace),
    objects: snapshot.objects.map(jsonOfObject),
    gaps: snapshot.gaps.map(jsonOfGap),
  };
}

const asItIs = <Value>(value: Value) => value;

const WRITERS: { readonly [Form in JsonForm]: (value: JsonForms[Form]) => unknown } = {
  objectId: asItIs,
  kind: asItIs,
  name: escapeBytes,
  bytesText: escapeBytes,
  bytesTexts: (raw) => raw.map(escapeBytes),
  outsideText: safeText,
  entryType: asItIs,
  device: asItIs,
  namespace: asItIs,
  key: asItIs,
  perms: asItIs,
  count: asItIs,
  positive: asItIs,
  bytes: asItIs,
  userId: asItIs,
  time: isoTime,
  status: asItIs,
  maker: jsonOfMaker,
  holders: (holders) => holders.map(jsonOfHolder),
  software: jsonOfSoftware,
  container: jsonOfContainer,
  verdict: jsonOfVerdict,
};

function write(form: JsonForm, value: unknown): unknown {
  // The form of a field fits its type: `satisfies` at the table sees to that.
  return (WRITERS as Readonly<Record<JsonForm, (value: unknown) => unknown>>)[form](value);
}
