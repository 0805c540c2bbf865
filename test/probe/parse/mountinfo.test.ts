// /proc/PID/mountinfo as kernels write it: optional fields, escaped blanks, bind mounts and mounted namespaces.
import { expect, test } from 'vitest';
import { parseMountinfo } from '../../../src/probe/parse/mountinfo.ts';

test('gives device, root, place and file system of each mount, whatever optional fields stand in between', () => {
  const text = `22 27 0:21 / /proc rw,relatime - proc proc rw
25 24 0:23 / /dev/shm rw,nosuid shared:3 master:1 - tmpfs tmpfs rw,size=65536k
31 25 0:23 /a\\040name\\134x /srv/a\\012place rw unbindable - tmpfs tmpfs rw
40 25 0:4 ipc:[4026532181] /run/ipc rw - nsfs nsfs rw
`;
  expect(parseMountinfo(Buffer.from(text))).toEqual([
    { id: 22, device: '0:21', root: '/', mountPoint: '/proc', fileSystem: 'proc' },
    { id: 25, device: '0:23', root: '/', mountPoint: '/dev/shm', fileSystem: 'tmpfs' },
    { id: 31, device: '0:23', root: '/a name\\x', mountPoint: '/srv/a\nplace', fileSystem: 'tmpfs' },
    { id: 40, device: '0:4', root: 'ipc:[4026532181]', mountPoint: '/run/ipc', fileSystem: 'nsfs' },
  ]);
});

test('skips lines of another form', () => {
  expect(parseMountinfo(Buffer.from(''))).toEqual([]);
  const text = '22 27\n22 27 x / /proc rw - proc proc rw\n22 27 0:21 / /proc rw\nx 27 0:21 / /proc rw - proc proc rw\n';
  expect(parseMountinfo(Buffer.from(text))).toEqual([]);
});

test('reads places byte by byte: what another encoding calls a blank is part of a name', () => {
  // "donn\xc3\xa9es \xc3\xa0 garder": the second byte of "à" is a blank in Latin-1; so are 0x85 and 0xA0 elsewhere.
  for (const name of [
    'données\\040à garder'.replace(' ', '\\040'),
    '\x85',
    '\u00a0',
    '\u3000',
    '-',
    '- -'.replaceAll(' ', '\\040'),
  ]) {
    const line = Buffer.from(`31 25 0:23 / /srv/${name} rw - tmpfs tmpfs rw\n`);
    const place = Buffer.from(`/srv/${name.replaceAll('\\040', ' ')}`).toString('latin1');
    expect(parseMountinfo(line)).toEqual([
      { id: 31, device: '0:23', root: '/', mountPoint: place, fileSystem: 'tmpfs' },
    ]);
  }
});
