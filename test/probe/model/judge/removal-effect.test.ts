import { describe, expect, it } from 'vitest';
import { removalEffect } from '../../../../src/probe/model/judge/removal-effect.ts';
import { holder, memfd, posix, segment } from '../../../cli/examples.ts';

const IN_USE = { state: 'in-use', evidence: [{ code: 'held', count: 1 }] } as const;
const UNKNOWN = { state: 'unknown', evidence: [{ code: 'not-inspected', count: 3 }] } as const;

describe('what removing would do', () => {
  it('an unattached segment goes at once, with its memory and swap', () => {
    expect(removalEffect(segment(1, { rssBytes: 100, swapBytes: 11 }))).toEqual({
      outcome: 'freed-now',
      call: 'IPC_RMID',
      freedBytes: 111,
      holderPids: [],
      text: ['The segment goes at once.'],
    });
    expect(removalEffect(segment(1, { status: ['hugetlb'] })).text.join(' ')).toContain('back to their pool');
  });

  it('a file system that a user named (FUSE) cannot control the terminal of who asks', () => {
    const { text } = removalEffect(posix('/x', 1, { onDisk: 'fuse.\x1b[2J' }));
    expect(text).toEqual(['It lies on disk (fuse.\\x1b[2J): no memory comes back with it.']);
  });

  it('an attached segment is only marked, whoever is seen to hold it', () => {
    const effect = removalEffect(segment(1, { nattch: 2, holders: [holder(7, 'x')], verdict: IN_USE }));
    expect(effect).toMatchObject({ outcome: 'freed-later', call: 'IPC_RMID', holderPids: [7] });
    expect(effect.text.join(' ')).toContain('the last of its 2 mappings');
    expect(removalEffect(segment(1, { nattch: 1, hiddenMappings: 1 })).outcome).toBe('freed-later');
    expect(removalEffect(segment(1, { nattch: undefined, holders: [holder(7, 'x')] })).outcome).toBe('freed-later');
  });

  it('the word for what a file lies on may come from a recording: it is escaped', () => {
    const { text } = removalEffect(posix('/x', 1, { onDisk: 'ext4\x1b]0;owned\x07' }));
    expect(text).toEqual(['It lies on disk (ext4\\x1b]0;owned\\x07): no memory comes back with it.']);
  });

  it('the name of a file system, whose half anybody chooses who mounts with FUSE, is safe to print', () => {
    const { text } = removalEffect(posix('/a', 5, { onDisk: 'fuse.\x1b[2J\u202e' }));
    expect(text.join(' ')).toMatch(/^[\x20-\x7e]+$/);
    expect(text.join(' ')).toContain('fuse.');
  });

  it('a segment marked for destruction changes nothing any more, unless nobody is attached', () => {
    const marked = removalEffect(segment(1, { nattch: 2, status: ['dest'] }));
    expect([marked.outcome, marked.call]).toEqual(['nothing', undefined]);
    expect(removalEffect(segment(1, { nattch: 0, status: ['dest'] })).outcome).toBe('freed-now');
  });

  it('a name frees its memory at once only if surely nobody holds it', () => {
    expect(removalEffect(posix('/x', 1))).toMatchObject({
      outcome: 'freed-now',
      call: 'unlink',
      freedBytes: 1_048_576,
    });
    expect(removalEffect(posix('/x', 1, { verdict: UNKNOWN })).outcome).toBe('freed-now-unless-held');
    expect(removalEffect(posix('/x', 1, { verdict: IN_USE, holders: [holder(7, 'x')] })).outcome).toBe('freed-later');
    expect(
      removalEffect(posix('/x', 1, { verdict: { state: 'in-use', evidence: [{ code: 'lease-busy' }] } })).outcome,
    ).toBe('freed-later');
  });

  it('one of several names, a directory, a symlink or a socket frees nothing', () => {
    const linked = removalEffect(posix('/x', 1, { links: 3 }));
    expect([linked.outcome, linked.freedBytes]).toEqual(['name-only', undefined]);
    expect(removalEffect(posix('/x', 1, { links: 3 })).text.join(' ')).toContain('2 more names');
    expect(removalEffect(posix('/d', 1, { type: 'directory', links: 2 }))).toMatchObject({
      outcome: 'name-only',
      call: 'rmdir',
    });
    for (const type of ['symlink', 'fifo', 'socket', 'other'] as const) {
      expect(removalEffect(posix('/s', 1, { type })).outcome).toBe('name-only');
    }
    expect(removalEffect(posix('/sem.x', 1, { type: 'semaphore' })).outcome).toBe('freed-now');
  });

  it('quotes the name of a file system, which a user of FUSE may choose, without its controls', () => {
    const { text, outcome } = removalEffect(posix('/x', 1, { onDisk: 'fuse.\x1b[31m\x9b2J' }));
    expect(outcome).toBe('name-only');
    expect(text.join(' ')).toMatch(/^It lies on disk \(fuse\.\\x1b[ -~]*\): no memory comes back with it\.$/);
  });

  it('what has no name cannot be removed', () => {
    for (const kind of ['memfd', 'anonymous', 'unlinked', 'file'] as const) {
      const effect = removalEffect(memfd('memfd:x', 1, { kind }));
      expect([effect.outcome, effect.call]).toEqual(['nothing', undefined]);
    }
  });
});
