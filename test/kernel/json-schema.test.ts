// Every form of --json that the built program writes, over real objects, processes, events, removals and loads, against the schema
// that it prints itself.
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { COMMANDS } from '../../src/cli/commands.ts';
import { OUTPUTS } from '../../src/cli/schema/outputs.ts';
import { type Lab, labMissing, labTitle, openLab } from '../support/lab.ts';

const missing = labMissing();

test('the schema has every command that writes JSON, and no other', () => {
  const writers = COMMANDS.filter(({ options }) => options.some(({ name }) => name === 'json'));
  expect(Object.keys(OUTPUTS).sort()).toEqual(writers.map(({ name }) => name).sort());
});

describe.skipIf(missing)(labTitle('the JSON of the program', missing), () => {
  let lab: Lab;
  const ajv = new Ajv2020({ strict: true, allErrors: true });
  /** What the program says of its own output; by command, and of all. */
  const schemas = new Map<string, Readonly<Record<string, unknown>>>();
  /** Names of the forms that real output had. */
  const seen = new Set<string>();

  beforeAll(async () => {
    lab = await openLab('own-pids');
    for (const name of ['', ...Object.keys(OUTPUTS)]) {
      const { stdout, code } = await lab.shmtop(['schema', ...(name === '' ? [] : [name])]);
      expect(code).toBe(0);
      const schema = Object(JSON.parse(stdout));
      schemas.set(name, schema);
      ajv.addSchema(schema, name === '' ? 'all' : name);
    }
  });
  afterAll(async () => lab.close());

  /** Exactly one form of the command, and of all commands. */
  function expectFit(command: string, value: unknown): void {
    for (const key of [command, 'all']) {
      const isValid = ajv.getSchema(key);
      isValid?.(value);
      expect({ key, errors: isValid?.errors }).toEqual({ key, errors: null });
    }
    for (const { $ref } of Object(schemas.get(command)).oneOf) {
      if (ajv.validate({ $ref: `${Object(schemas.get(command)).$id}${$ref}` }, value)) seen.add(`${command} ${$ref}`);
    }
  }

  /** Runs it; one value a line, each of which has to fit. */
  async function lines(command: string, words: readonly string[], isWhole = false): Promise<unknown[]> {
    const { stdout, stderr } = await lab.shmtop([command, ...words, ...(words.includes('--ndjson') ? [] : ['--json'])]);
    const values: unknown[] = (isWhole ? [stdout] : stdout.trim().split('\n')).map((line) => JSON.parse(line));
    expect(values.length, stderr).toBeGreaterThan(0);
    for (const value of values) expectFit(command, value);
    return values;
  }

  test('of ls, show, ps, doctor and summary fits', async () => {
    const segment = await lab.sysv('attached');
    await lab.shm('shared', 'a\n\x1b[31m"b');
    await lab.run(['sh', '-c', 'echo x >/dev/shm/left; ln -s left /dev/shm/link; mkdir /dev/shm/dir']);
    const [snapshot] = await lines('ls', ['--all'], true);
    expect(Object(snapshot).objects.length).toBeGreaterThan(3);
    expect((await lines('ls', ['--ndjson'])).length).toBeGreaterThan(3);
    await lines('show', [`sysv:${segment.shmid}`, 'posix:/left', 'posix:/dir']);
    await lines('ps', []);
    await lines('doctor', []);
    await lines('summary', []);
    await lines('summary', ['--by', 'process', 'kind=posix']);
  });

  test('of diff fits', async () => {
    const files = [`${lab.scratch}/before.json`, `${lab.scratch}/after.json`];
    for (const file of files) {
      const { stdout } = await lab.shmtop(['ls', '--json']);
      await lab.run(['sh', '-c', 'printf %s "$1" >"$2"', 'sh', stdout, file]);
      await lab.run(['sh', '-c', 'rm -f /dev/shm/left; echo y >/dev/shm/since']);
    }
    const [found] = await lines('diff', files);
    expect(Object(found).changes.length).toBeGreaterThan(0);
  });

  test('of watch and replay fits', async () => {
    const record = `${lab.scratch}/recording`;
    const watching = lines('watch', ['--for', '3', '--record', record]);
    for (let made = 0; made < 5; made++) {
      await new Promise((resolve) => setTimeout(resolve, 500));
      const segment = await lab.sysv('attached');
      await lab.run(['sh', '-c', `echo x >/dev/shm/event${made}; rm /dev/shm/event${made}`]);
      await lab.kill(segment.pid);
    }
    expect((await watching).length).toBeGreaterThan(4);
    await lines('replay', [record]);
  });

  test('of rm and restore fits, whatever becomes of what was asked for', async () => {
    await lab.run(['sh', '-c', 'echo x >/dev/shm/gone; cat /dev/shm/gone']);
    const held = await lab.sysv('attached');
    await lines('rm', ['posix:/gone', `sysv:${held.shmid}`, 'posix:/no\u001bsuch', '--dry-run']);
    await lines('rm', ['posix:/gone', '--min-age', '0']); // nobody is there to agree
    const words = ['posix:/gone', `sysv:${held.shmid}`, 'posix:/nothere', '--yes', '--save', `${lab.scratch}/saved`];
    const [report] = await lines('rm', words);
    expect(report).toMatchObject({
      removed: [{ shortId: 'posix:/gone' }],
      refused: [{ code: 'not-found' }, { code: 'in-use' }],
    });
    await lines('restore', [String(Object(report).removed[0].savedAs)]);
    const [history] = await lines('rm', ['--history']);
    expect(Object(history).removals.length).toBeGreaterThan(0);
    await lab.run([
      'sh',
      '-c',
      `echo '{"event":"begun","run":"r","seq":1,"id":"sysv:1:1"}
torn' >>${lab.scratch}/shmtop/removals.jsonl`,
    ]);
    const [damaged] = await lines('rm', ['--history']);
    expect(damaged).toMatchObject({ malformed: 1 });
    expect(JSON.stringify(damaged)).not.toContain('""');
  });

  test('of history fits, of what is there and of what is gone', async () => {
    await lab.run(['mount', '-t', 'tmpfs', '-o', 'mode=755', 'own', '/var/lib']);
    const witness = lab.start(lab.shmtopWords(['witness']));
    await once(createInterface({ input: witness.stderr }), 'line');
    await lab.run(['sh', '-c', 'echo x >/dev/shm/seen; echo y >/dev/shm/gone-soon; sleep 1; rm /dev/shm/gone-soon']);
    const history = async () => JSON.stringify(await lines('history', []));
    await expect.poll(history, { timeout: 20_000 }).toMatch(/removed/);
    const [known] = await lines('history', ['posix:/seen']);
    expect(Object(known).lives).toMatchObject([
      { deeds: expect.arrayContaining([expect.objectContaining({ what: 'made' })]) },
    ]);
    const ended = once(witness, 'exit');
    await lab.kill(...(await lab.run(['pgrep', '-f', 'main.js witness'])).stdout.trim().split('\n').map(Number));
    await ended;
  });

  test('of load fits: a run, leaks and their end, and the list of modes', async () => {
    await lines('load', ['--modes']);
    await lines('load', ['--duration', '300ms', '--rate', '1k', '--pairs', '2', '--pin', '--backing', 'memfd']);
    const leaked = [expect.any(String), expect.any(String)];
    expect(await lines('load', ['--leak', '2'])).toMatchObject([{ leaked }]);
    expect(await lines('load', ['--leak', '--clean'])).toMatchObject([{ removed: leaked }]);
  });

  test('had every form there is', () => {
    const forms = [...schemas].filter(([name]) => name !== '');
    const all = forms.flatMap(([name, schema]) =>
      Object(schema).oneOf.map(({ $ref }: { $ref: string }) => `${name} ${$ref}`),
    );
    // They take their time: test/cli/load.test.ts has short ones.
    expect([...seen, 'load #/$defs/loadSweep', 'load #/$defs/loadApis'].sort()).toEqual(all.sort());
  });

  test('is refused with one field more, anywhere, and with one of its own missing', async () => {
    const { stdout } = await lab.shmtop(['ls', '--json']);
    const snapshot = Object(JSON.parse(stdout));
    const isValid = ajv.getSchema('ls');
    expect(isValid?.(snapshot)).toBe(true);
    expect(isValid?.({ ...snapshot, surprise: 1 })).toBe(false);
    expect(
      isValid?.({ ...snapshot, objects: snapshot.objects.map((object: object) => ({ ...object, surprise: 1 })) }),
    ).toBe(false);
    expect(isValid?.({ ...snapshot, host: undefined })).toBe(false);
  });
});
