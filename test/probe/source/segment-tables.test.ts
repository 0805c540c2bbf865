// The tables of several IPC namespaces: what could not be read is said, also when its only known process is gone.
import { describe, expect, test } from 'vitest';
import { isLibc, loadLibc } from '../../../src/native/libc.ts';
import { GapList } from '../../../src/probe/model/gap.ts';
import { nodeIo } from '../../../src/probe/source/io-node.ts';
import { ipcDoorOf } from '../../../src/probe/source/namespaces.ts';
import { SegmentTableReader } from '../../../src/probe/source/segment-tables.ts';

const loaded = loadLibc();
const missing = isLibc(loaded) ? undefined : loaded.reason;
const NO_PID = 4_999_999;

describe.skipIf(missing)(`the tables${missing ? ` (skipped: ${missing})` : ''}`, () => {
  test('of a namespace whose process has just gone are a gap: others may still be in it', () => {
    const gaps = new GapList();
    const reader = new SegmentTableReader(nodeIo(), isLibc(loaded) ? loaded : undefined, '/proc');
    const { openNamespaces } = reader.read(
      { ownNamespace: '1', others: new Map([['4026539999', ipcDoorOf('/proc', NO_PID)]]), rss: false },
      gaps,
    );
    expect([...openNamespaces]).toEqual(['1']);
    expect(gaps.list().map(({ source }) => source)).toContain('ns');
  });
});
