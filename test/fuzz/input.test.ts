// Every reader of files, words and keys that are not ours, over what is valid and then damaged: a typed value or a problem in words.
import fc from 'fast-check';
import { parse } from 'smol-toml';
import { expect, test } from 'vitest';
import { jsonText } from '../../src/cli/json-text.ts';
import { eventJson, eventText } from '../../src/cli/watch-event.ts';
import { parseEventFilter } from '../../src/filter/event-filter.ts';
import { parseObjectFilter } from '../../src/filter/object-filter.ts';
import { parseProcessFilter } from '../../src/filter/process-filter.ts';
import { isModest } from '../../src/probe/model/decode/json-bounds.ts';
import { glanceAtLine, parseEntryLine, parseHeaderLine } from '../../src/probe/model/decode/recording.ts';
import { parseHistory } from '../../src/remove/model/history.ts';
import { parseSidecar } from '../../src/remove/model/sidecar.ts';
import { understandConfig, understandState } from '../../src/ui/settings-file.ts';
import { DEFAULT_SETTINGS } from '../../src/ui/state/state.ts';
import { InputParser } from '../../src/ui/terminal/input-parser.ts';
import { copyToClipboard } from '../../src/ui/terminal/modes.ts';
import { arbitraryObject } from '../cli/arbitrary-object.ts';
import { head, NOW_MS, named, segment } from '../ui/sample-objects.ts';
import { anyEvent } from './any-event.ts';
import { damaged, expectHarmless, FUZZ_TIMEOUT_MS, fuzz, junk, mutated } from './fuzz.ts';

const snapshots = fc
  .array(fc.oneof(arbitraryObject, fc.constantFrom(segment(1), named('x'))), { maxLength: 3 })
  .map((objects) => ({ snapshot: { ...head(), objects } }));
const entries = fc.oneof(
  snapshots,
  anyEvent.map((event) => ({ event })),
);

test('what a recording is made of comes back as it was, however odd the kernel\u2019s values', {
  timeout: FUZZ_TIMEOUT_MS,
}, () => {
  fuzz(entries, (entry) => {
    const line = JSON.stringify(entry);
    const found = parseEntryLine(line);
    const whole: unknown = JSON.parse(line);
    expect(found && { [found.type]: found.type === 'snapshot' ? found.snapshot : found.event }).toEqual(whole);
    expect(glanceAtLine(line)).toEqual({ type: found?.type, atMs: found?.atMs });
    expect(isModest(Buffer.from(line))).toBe(true);
  });
});

test('lines of a recording with anything in any field', { timeout: FUZZ_TIMEOUT_MS }, () => {
  const lines = fc.oneof(
    mutated(entries).map((value) => JSON.stringify(value)),
    damaged(entries.map((value) => JSON.stringify(value))),
  );
  fuzz(lines, (line) => {
    isModest(Buffer.from(line));
    glanceAtLine(line);
    const found = parseEntryLine(line);
    if (found?.type !== 'event') return;
    expectHarmless(eventText(found.event, { colour: true }));
    expect(eventText(found.event, { colour: false })).not.toContain('\n');
    expectHarmless(eventJson(found.event));
  });
});

test('the first line of a recording', { timeout: FUZZ_TIMEOUT_MS }, () => {
  const header = {
    recording: 'shmtop',
    version: 1,
    startedAtMs: NOW_MS,
    sources: [{ name: 'perf', isActive: true, text: 'all' }],
  };
  fuzz(mutated(fc.constant(header)), (value) => {
    const found = parseHeaderLine(JSON.stringify(value) ?? '');
    if (typeof found === 'string') expectHarmless(found);
    else for (const { name, text, misses } of found.sources) expectHarmless(`${name}${text}${misses}`);
  });
});

const SIDECAR = {
  format: 'shmtop-saved',
  version: 1,
  kind: 'posix',
  content: 'c',
  nameBytes: btoa('/a'),
  key: '0x00001234',
  sizeBytes: 1,
  perms: '600',
  uid: 1,
  gid: 1,
};

test('sidecars of saved objects', { timeout: FUZZ_TIMEOUT_MS }, () => {
  const texts = fc.oneof(
    mutated(fc.constant(SIDECAR)).map((value) => JSON.stringify(value) ?? ''),
    damaged(fc.constant(JSON.stringify(SIDECAR))),
  );
  fuzz(texts, (text) => {
    const found = parseSidecar(text);
    if ('problem' in found) {
      expectHarmless(found.problem);
      return;
    }
    expect(found.content).toMatch(/^[^/\0]+$/);
    expect(['.', '..']).not.toContain(found.content);
    for (const id of [found.uid, found.gid]) expect(Number.isInteger(id) && id >= 0 && id < 2 ** 32 - 1).toBe(true);
    expect(Number.isSafeInteger(found.sizeBytes) && found.sizeBytes >= 0 && found.mode <= 0o777).toBe(true);
    if (found.kind === 'posix') expect(found.rawName).toMatch(/^(?:\/(?!\.{1,2}(?:\/|$))[^/\0]+)+$/);
    else expect(found.key).toBeGreaterThanOrEqual(0);
  });
});

test('the journal', { timeout: FUZZ_TIMEOUT_MS }, () => {
  const identity = { shmid: 1, ipcNamespace: '1', cpid: 1, cuid: 1, perms: '600' };
  const begun = {
    event: 'begun',
    run: 'r',
    seq: 0,
    id: 'sysv:1:2',
    at: '2026-01-01T00:00:00.000Z',
    user: 'u',
    pid: 1,
    name: 'n',
    evidence: ['x'],
    identity,
    sizeBytes: 1,
  };
  const done = { event: 'done', run: 'r', seq: 0, id: 'sysv:1:2', how: 'x', savedAs: '/x', freedBytes: 1 };
  const lines = fc.array(
    mutated(fc.constantFrom<unknown>(begun, done)).map((value) => JSON.stringify(value)),
    { maxLength: 5 },
  );
  fuzz(damaged(lines.map((all) => all.join('\n'))), (text) => {
    const { entries: found, malformed } = parseHistory(text);
    expect(malformed).toBeGreaterThanOrEqual(0);
    for (const { user, sudoUser, shortId, verdict, evidence, reason, savedAs, how, id, run, at } of found) {
      expectHarmless([user, sudoUser, shortId, verdict, ...evidence, reason, savedAs, how, id, run, at].join(' '));
    }
    expectHarmless(jsonText(found));
  });
});

test('settings and what is remembered of them', { timeout: FUZZ_TIMEOUT_MS }, () => {
  fuzz(fc.oneof(mutated(fc.constant({ ...DEFAULT_SETTINGS })), junk), (value) => {
    const { intervalMs = 100, tables = {} } = understandState(value);
    expect(intervalMs >= 100 && intervalMs <= 3_600_000).toBe(true);
    for (const { columns = [] } of Object.values(tables)) expect(new Set(columns).size).toBe(columns.length);
    if (typeof value === 'object' && value !== null) understandConfig({ ...value });
  });
  fuzz(
    damaged(fc.constant('theme = "mono"\ninterval = "5s"\ncolumns = ["id"]\n[x]\ny = 1979-05-27\n')),
    (text) => {
      try {
        understandConfig(parse(text));
      } catch (cause) {
        expect(cause).toBeInstanceOf(Error); // readConfig tells it
      }
    },
    0.3,
  );
});

test('words of a filter: a test or a problem, and each test ends', { timeout: FUZZ_TIMEOUT_MS }, () => {
  const word = damaged(
    fc.constantFrom(
      'user=root',
      'size>1G',
      '!kind=sysv',
      'psm_',
      'age>2h',
      'sysv:5@1',
      'posix:/a\\x1b',
      '0x5301',
      'comm=(a+)+$',
      'name=İ',
    ),
  );
  fuzz(fc.tuple(fc.array(word, { maxLength: 3 }), arbitraryObject), ([words, object]) => {
    const parsed = parseObjectFilter(words);
    if ('filter' in parsed) parsed.filter.matches(object, NOW_MS / 1000);
    parseProcessFilter(words);
    parseEventFilter(words);
  });
});

test('keys of a terminal, in any pieces', { timeout: FUZZ_TIMEOUT_MS }, () => {
  const keys = damaged(
    fc.constantFrom(
      '\x1b[A',
      '\x1b[<0;5;7M',
      '\x1b[200~paste\x1b[201~',
      '\x1bOP',
      '\x1b[[A',
      '\x1b[1;5C',
      'qé\x1b',
      '\x1b]0;x\x07',
    ),
  );
  fuzz(fc.array(keys, { maxLength: 5 }), (chunks) => {
    const parser = new InputParser();
    const events = [...chunks.flatMap((chunk) => parser.feed(chunk)), ...parser.flush(), ...parser.flush()];
    for (const event of events) if (event.kind === 'paste') expect(event.text.length).toBeLessThanOrEqual(4096);
  });
});

test('what is copied by OSC 52 ends where it should and holds nothing but base64', { timeout: FUZZ_TIMEOUT_MS }, () => {
  fuzz(damaged(fc.constant('posix:/größe')), (text) => {
    const isTooLong = new TextEncoder().encode(text).length > 65_536;
    if (isTooLong) expect(copyToClipboard(text)).toBeUndefined();
    else expect(copyToClipboard(text)).toMatch(/^\x1b\]52;c;[A-Za-z0-9+/]*={0,2}\x07$/);
  });
});
