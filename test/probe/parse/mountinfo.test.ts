// /proc/PID/mountinfo as kernels write it: optional fields, escaped blanks, bind mounts and mounted namespaces.
import { expect, test } from 'vitest';
import { parseMountinfo } from '../../../src/probe/parse/mountinfo.ts';

test('gives device, root, place and file system of each mount, whatever optional fields stand in between', () => {
  const text = `22 27 0:21 / /proc rw,relatime - proc proc rw
25 24 0:23 / /dev/shm rw,nosuid shared:3 master:1 - tmpfs tmpfs rw,size=65536k
31 25 0:23 /a\\040name\\134x /srv/a\\012place rw unbindable - tmpfs tmpfs rw
40 25 0:4 ipc:[4026532181] /run/ipc rw - nsfs nsfs rw
`;
  expect(parseMountinfo(text)).toEqual([
    { device: '0:21', root: '/', mountPoint: '/proc', fileSystem: 'proc' },
    { device: '0:23', root: '/', mountPoint: '/dev/shm', fileSystem: 'tmpfs' },
    { device: '0:23', root: '/a name\\x', mountPoint: '/srv/a\nplace', fileSystem: 'tmpfs' },
    { device: '0:4', root: 'ipc:[4026532181]', mountPoint: '/run/ipc', fileSystem: 'nsfs' },
  ]);
});

test('skips lines of another form', () => {
  expect(parseMountinfo('')).toEqual([]);
  expect(parseMountinfo('22 27\n22 27 x / /proc rw - proc proc rw\n22 27 0:21 / /proc rw\n')).toEqual([]);
});
