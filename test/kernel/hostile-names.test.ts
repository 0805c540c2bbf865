// Names made to mislead a terminal, a parser or a shell: shown escaped, kept exactly, accepted again as an ID.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Lab, labMissing, labTitle, type MadeFile, openLab } from '../support/lab.ts';
import { expectVerdict, fileIn, holderPids, type Ls, namedIn, rawName } from '../support/lab-json.ts';

const missing = labMissing();
const bytes = (text: string) => Buffer.from(text, 'latin1');

const NAMES: Readonly<Record<string, Buffer>> = {
  'a newline': bytes('shmtop-lab\nnewline'),
  'an escape sequence': bytes('shmtop-lab\x1b[31m\x1b]0;owned\x07'),
  'invalid UTF-8': bytes('shmtop-lab-\xff\xc3'),
  'an overlong encoding': bytes('shmtop-lab-\xc0\xaf\xed\xa0\x80'),
  'a C1 control in UTF-8': bytes('shmtop-lab-\xc2\x9b31m'),
  'a right-to-left override': Buffer.from('shmtop-lab-\u202Egpj.exe'),
  'a zero-width joiner and a combining tower': Buffer.from(`shmtop-lab-\u200d${'e\u0301\u0302\u0303\u0304'}`),
  '255 bytes': Buffer.concat([bytes('shmtop-lab-'), Buffer.alloc(244, 'x')]),
  '255 bytes of escapes': Buffer.concat([bytes('shmtop-lab-'), Buffer.alloc(244, 0x1b)]),
  'a leading dash': bytes('-rf shmtop-lab'),
  'a trailing blank': bytes('shmtop-lab '),
  'a leading blank and runs of blanks': bytes(' shmtop-lab.    7.    0'),
  'a backslash that looks like an escape': bytes('shmtop-lab\\012newline'),
  'an escape as we write it': bytes('shmtop-lab\\x0anewline'),
  'quotes and commas': bytes('shmtop-lab","b\'c;d=$(id)`'),
  'a formula for a spreadsheet': bytes('=1+1 shmtop-lab'),
  'a carriage return and a tab': bytes('shmtop-lab\r\tx'),
  'the look of an ID': bytes('sysv:0@shmtop-lab'),
  'letters that are not ASCII': Buffer.from('shmtop-lab-größe-共有'),
};

/** Everything a terminal could act on, or a reader could not see: C0, DEL, C1, direction changes, zero-width. */
const RAW = /[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufffd]/;

describe.skipIf(missing)(labTitle('hostile names', missing), () => {
  let lab: Lab;
  let now: Ls;
  let made: Map<string, MadeFile>;

  beforeAll(async () => {
    lab = await openLab('own-pids');
    const comm = ['--comm-hex', bytes('\x1b[2J\n\xff)').toString('hex')];
    made = new Map();
    for (const [what, name] of Object.entries(NAMES)) made.set(what, await lab.shm('shared', name, comm));
    now = await lab.ls();
  });
  afterAll(() => lab?.close());

  test.each(Object.entries(NAMES))(
    '%s: the bytes are kept, the name shown is safe, and the holder is found',
    (what, name) => {
      const object = namedIn(now, name);
      expect(object.kind).toBe('posix');
      expect(object.inode).toBe(made.get(what)?.inode);
      expect(holderPids(object)).toEqual([made.get(what)?.pid]);
      expect(object.name).not.toMatch(RAW);
      expect(object.path).not.toMatch(RAW);
      expect(object.name).not.toMatch(/ $|\n/);
    },
  );

  test.each(Object.entries(NAMES))('%s: the name as shown is accepted as an ID again', async (_, name) => {
    const object = namedIn(now, name);
    const { stdout, stderr, code } = await lab.shmtop(['show', `posix:${object.name}`, '--json']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(stdout)).toMatchObject({ id: object.id, inode: object.inode });
  });

  test('two different names are never shown alike', () => {
    const names = now.objects.map((object) => object.name);
    expect(names.length).toBeGreaterThanOrEqual(made.size);
    expect(new Set(names).size).toBe(names.length);
  });

  test.each(['ls', 'ls --json', 'ls --ndjson', 'ls --csv', 'ls --columns id,name,holders', 'ps'])(
    'nothing raw comes out of %s',
    async (command) => {
      const { stdout, code } = await lab.shmtop(command.split(' '));
      expect(code).toBe(0);
      expect(stdout).toContain(command === 'ps' ? '\\x1b[2J' : 'shmtop-lab');
      expect(stdout.replace(/\r?\n/g, '')).not.toMatch(RAW);
    },
  );

  test('the table has one line an object, whatever the names hold', async () => {
    const { stdout } = await lab.shmtop(['ls', '--no-header', '--kind', 'posix', '--columns', 'inode,name']);
    const inodes = stdout.split('\n').map((line) => Number(/^\s*(\d+)\s/.exec(line)?.[1]));
    for (const { inode } of made.values()) expect(inodes.filter((found) => found === inode)).toHaveLength(1);
  });

  test('each line of ndjson is one whole object', async () => {
    const { stdout } = await lab.shmtop(['ls', '--ndjson']);
    const ids = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line).id);
    expect(ids).toEqual(expect.arrayContaining(now.objects.map((object) => object.id)));
  });

  test('show in words lets nothing raw through either, comm included', async () => {
    for (const name of [NAMES['an escape sequence'], NAMES['a right-to-left override'], NAMES['a newline']]) {
      const { stdout, code } = await lab.shmtop(['show', `posix:${namedIn(now, name ?? '').name}`]);
      expect(code).toBe(0);
      expect(stdout.replace(/\r?\n/g, '')).not.toMatch(RAW);
    }
  });

  test('the command name of a holder is escaped', () => {
    const [holder] = namedIn(now, NAMES['a newline'] ?? '').holders;
    expect(holder?.comm).toBe('\\x1b[2J\\x0a\\xff)');
  });
});

describe.skipIf(missing)(labTitle('names that pretend to be another kind', missing), () => {
  let lab: Lab;
  let now: Ls;
  let live: MadeFile;
  let gone: MadeFile;
  let pretender: MadeFile;
  let memfd: MadeFile;

  beforeAll(async () => {
    lab = await openLab('own-pids');
    live = await lab.shm('shared', 'shmtop-lab (deleted)');
    gone = await lab.shm('shared', 'shmtop-lab', ['--unlink']);
    pretender = await lab.shm('shared', 'SYSV00000001');
    await lab.shm('shared', 'SYSV00000002 (deleted)');
    memfd = await lab.make([
      'memfd',
      '--how',
      'shared',
      '--hex',
      bytes('\n/SYSV00000001 (deleted)\xff').toString('hex'),
    ]);
    now = await lab.ls(['--min-age', '0']);
  });
  afterAll(() => lab?.close());

  test('a live file called "x (deleted)" and an unlinked "x" are told apart', () => {
    const kept = namedIn(now, 'shmtop-lab (deleted)');
    expect(kept).toMatchObject({ kind: 'posix', inode: live.inode });
    expect(holderPids(kept)).toEqual([live.pid]);
    const unlinked = fileIn(now, 'unlinked', gone);
    expect(holderPids(unlinked)).toEqual([gone.pid]);
    for (const object of [kept, unlinked]) expectVerdict(object, 'in-use', 'held');
  });

  test('a file called SYSV00000001 is a file', () => {
    expect(namedIn(now, 'SYSV00000001')).toMatchObject({ kind: 'posix', inode: pretender.inode });
    expect(holderPids(namedIn(now, 'SYSV00000001'))).toEqual([pretender.pid]);
    expect(now.objects.filter((object) => object.kind === 'sysv')).toEqual([]);
  });

  test('a memfd whose name looks like a segment is a memfd', () => {
    const object = fileIn(now, 'memfd', memfd);
    expect(rawName(object)).toEqual(bytes('memfd:\n/SYSV00000001 (deleted)\xff'));
    expect(object.name).not.toMatch(RAW);
    expect(holderPids(object)).toEqual([memfd.pid]);
  });
});
