// Writes the JSON of one object field by field: exactly the bytes that JSON.stringify makes of `jsonOfObject` (plain-json.ts; a test
// compares them), without making a copy of the object or the text first.
import { escapeBytes } from '../probe/model/bytes.ts';
import { type Evidence, type EvidenceCode, evidenceSide, evidenceText } from '../probe/model/judge/evidence.ts';
import type { Maker, ShmObject, SoftwareMatch, Verdict } from '../probe/model/object.ts';
import { spelledKey } from '../probe/model/spelled-key.ts';
import { safeText } from '../ui/format/safe-text.ts';
import { isoTime, isTellable } from '../ui/format/time.ts';
import { ByteWriter } from './byte-writer.ts';
import { jsonOfContainer, jsonOfHolder, jsonOfMaker, nameBytesOf } from './json.ts';

export function writeObject(out: ByteWriter, object: ShmObject): void {
  const name = escapeBytes(object.rawName);
  out.ascii('{"id":');
  out.string(object.id);
  text(out, ',"kind":', object.kind);
  text(out, ',"name":', name);
  text(out, ',"nameBytes":', nameBytesOf(object.rawName, name));
  if (object.kind !== 'sysv' || object.device !== undefined) writeFileFields(out, object);
  number(out, ',"shmid":', object.shmid);
  text(out, ',"key":', object.key);
  if (object.key !== undefined) text(out, ',"keyText":', spelledKey(object.key));
  text(out, ',"ipcNamespace":', object.ipcNamespace);
  text(out, ',"mountNamespace":', object.mountNamespace);
  text(out, ',"onDisk":', safe(object.onDisk));
  text(out, ',"onMemory":', object.onMemory);
  number(out, ',"sizeBytes":', object.sizeBytes);
  number(out, ',"rssBytes":', object.rssBytes);
  number(out, ',"swapBytes":', object.swapBytes);
  number(out, ',"allocatedBytes":', object.allocatedBytes);
  number(out, ',"hugePageBytes":', object.hugePageBytes);
  number(out, ',"nattch":', object.nattch);
  writeOwner(out, object);
  maker(out, ',"creator":', object.creator, creators);
  maker(out, ',"lastUser":', object.lastUser, lastUsers);
  time(out, ',"atime":', object.atimeSec);
  time(out, ',"dtime":', object.dtimeSec);
  time(out, ',"ctime":', object.ctimeSec);
  time(out, ',"mtime":', object.mtimeSec);
  time(out, ',"btime":', object.btimeSec);
  if (object.holders.length === 0) out.ascii(',"holders":[]');
  else out.text(`,"holders":${JSON.stringify(object.holders.map(jsonOfHolder))}`);
  number(out, ',"hiddenMappings":', object.hiddenMappings);
  if (object.software !== undefined) writeSoftware(out, object.software);
  if (object.container !== undefined) out.text(`,"container":${JSON.stringify(jsonOfContainer(object.container))}`);
  writeVerdict(out, object.verdict);
  out.ascii('}');
}

const USUAL_VERDICT_BYTES = 1024;

/** The verdict written last: segments that are alike share one, so from its second time on its bytes are kept. */
let lastVerdict: Verdict | undefined;
let lastVerdictBytes: Uint8Array | undefined;

function writeVerdict(out: ByteWriter, verdict: Verdict): void {
  if (verdict === lastVerdict) {
    lastVerdictBytes ??= verdictBytes(verdict);
    out.raw(lastVerdictBytes);
    return;
  }
  lastVerdict = verdict;
  lastVerdictBytes = undefined;
  writeVerdictFields(out, verdict);
}

function verdictBytes(verdict: Verdict): Uint8Array {
  const pieces: Uint8Array[] = [];
  const own = new ByteWriter((bytes) => pieces.push(bytes.slice()), USUAL_VERDICT_BYTES);
  writeVerdictFields(own, verdict);
  own.flush();
  return Buffer.concat(pieces);
}

function writeVerdictFields(out: ByteWriter, { state, evidence }: Verdict): void {
  out.ascii(',"verdict":{"state":');
  out.string(state);
  writeEvidence(out, evidence);
  out.ascii('}');
}

function writeFileFields(out: ByteWriter, object: ShmObject): void {
  const { otherRawNames, rawPath, type, device, inode, links } = object;
  if (otherRawNames !== undefined) out.text(`,"otherNames":${JSON.stringify(otherRawNames.map(escapeBytes))}`);
  text(out, ',"path":', rawPath === undefined ? undefined : escapeBytes(rawPath));
  text(out, ',"type":', type);
  text(out, ',"device":', device);
  number(out, ',"inode":', inode);
  number(out, ',"links":', links);
}

/** Of the object written last. */
let lastOwned: ShmObject | undefined;
let lastOwner = new Uint8Array();

/** Permissions, marks and owner; neighbours mostly have the same, so the last bytes are kept. */
function writeOwner(out: ByteWriter, object: ShmObject): void {
  if (lastOwned === undefined || !hasSameOwner(object, lastOwned)) {
    const { perms, status, uid, user, gid, group, cuid, cgid } = object;
    const fields = { perms, status, uid, user: safe(user), gid, group: safe(group), cuid, cgid };
    lastOwned = object;
    lastOwner = new TextEncoder().encode(`,${JSON.stringify(fields).slice(1, -1)}`);
  }
  out.raw(lastOwner);
}

function hasSameOwner(one: ShmObject, other: ShmObject): boolean {
  return (
    one.perms === other.perms &&
    one.uid === other.uid &&
    one.gid === other.gid &&
    one.cuid === other.cuid &&
    one.cgid === other.cgid &&
    one.user === other.user &&
    one.group === other.group &&
    one.status.length === 0 &&
    other.status.length === 0
  );
}

function writeSoftware(out: ByteWriter, { name, role, outlives, removalBreaks, cleanup, source }: SoftwareMatch): void {
  text(out, ',"software":{"name":', name);
  text(out, ',"role":', role);
  out.ascii(outlives ? ',"outlives":true' : ',"outlives":false');
  text(out, ',"removalBreaks":', removalBreaks);
  text(out, ',"cleanup":', cleanup);
  text(out, ',"source":', source);
  out.ascii('}');
}

function writeEvidence(out: ByteWriter, list: readonly Evidence[]): void {
  out.ascii(',"evidence":[');
  for (let at = 0; at < list.length; at++) {
    const evidence = list[at];
    const { code, pid, comm, count, seconds, limitSeconds, software, detail } = evidence;
    if (at > 0) out.ascii(',');
    if (comm === undefined && count === undefined && seconds === undefined && software === undefined) {
      if (limitSeconds === undefined && detail === undefined && writeSimpleEvidence(out, code, pid)) continue;
    }
    text(out, '{"code":', code);
    text(out, ',"side":', evidenceSide(evidence));
    text(out, ',"text":', evidenceText(evidence));
    number(out, ',"pid":', pid);
    text(out, ',"comm":', comm === undefined ? undefined : escapeBytes(comm));
    number(out, ',"count":', count);
    number(out, ',"seconds":', seconds);
    number(out, ',"limitSeconds":', limitSeconds);
    text(out, ',"software":', software);
    text(out, ',"detail":', safe(detail));
    out.ascii('}');
  }
  out.ascii(']');
}

/** A pid that no sentence mentions by itself: cut at it, the sentence is ready for any other. */
const ANY_PID = 1_987_654_321;
const simpleTexts = new Map<EvidenceCode, readonly [string, string?]>();

const bare = new Map<EvidenceCode, Uint8Array>();

/** Evidence that is a code and nothing else: made into bytes once. */
function bareEvidence(code: EvidenceCode): Uint8Array {
  let bytes = bare.get(code);
  if (!bytes) {
    const fields = { code, side: evidenceSide({ code }), text: evidenceText({ code }) };
    bytes = new TextEncoder().encode(JSON.stringify(fields));
    bare.set(code, bytes);
  }
  return bytes;
}

/** What most evidence is: a code with at most a pid. False where its sentence is not plain. */
function writeSimpleEvidence(out: ByteWriter, code: EvidenceCode, pid: number | undefined): boolean {
  if (pid === undefined) {
    out.raw(bareEvidence(code));
    return true;
  }
  let parts = simpleTexts.get(code);
  if (parts === undefined) {
    const [before = '', after, ...more] =
      `{"code":"${code}","side":"${evidenceSide({ code })}","text":${JSON.stringify(evidenceText({ code, pid: ANY_PID }))}`.split(
        String(ANY_PID),
      );
    parts = more.length === 0 && !/[^ -~]/.test(before + after) ? [before, after] : [''];
    simpleTexts.set(code, parts);
  }
  const [before, after] = parts;
  if (after === undefined) return false;
  out.ascii(before);
  out.number(pid);
  out.ascii(after);
  number(out, ',"pid":', pid);
  out.ascii('}');
  return true;
}

/** Segments that are alike share their makers: each is made into bytes once. */
const creators = new WeakMap<Maker, Uint8Array>();
const lastUsers = new WeakMap<Maker, Uint8Array>();

function maker(out: ByteWriter, field: string, value: Maker | undefined, known: WeakMap<Maker, Uint8Array>): void {
  if (value === undefined) return;
  let bytes = known.get(value);
  if (!bytes) {
    bytes = new TextEncoder().encode(`${field}${JSON.stringify(jsonOfMaker(value))}`);
    known.set(value, bytes);
  }
  out.raw(bytes);
}

function text(out: ByteWriter, field: string, value: string | undefined): void {
  if (value === undefined) return;
  out.ascii(field);
  out.string(value);
}

function number(out: ByteWriter, field: string, value: number | undefined): void {
  if (value === undefined) return;
  out.ascii(field);
  out.number(value);
}

/** The time written last: those of one segment, and of its neighbours, are often the same. */
let lastSec = Number.NaN;
let lastTime = '';

function time(out: ByteWriter, field: string, sec: number | undefined): void {
  if (!isTellable(sec)) return;
  if (sec !== lastSec) {
    lastSec = sec;
    lastTime = `"${isoTime(sec)}"`;
  }
  out.ascii(field);
  out.ascii(lastTime);
}

const safe = (value: string | undefined) => (value === undefined ? undefined : safeText(value));
