// The library as its users have it: the built package, imported by its name, its examples run and its types compiled.
import { spawn, spawnSync } from 'node:child_process';
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { explain, snapshot, watch } from '../../src/library.ts';
import { expectFit } from '../support/json-schema.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const EXAMPLES = Array.from(
  readFileSync(join(root, 'docs/library.md'), 'utf8').matchAll(/```js\n(.*?)```/gs),
  ([, code = '']) => code,
);
let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'shmtop-library-'));
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(root, join(folder, 'node_modules/shmtop'));
  writeFileSync(join(folder, 'package.json'), '{"type":"module","private":true}');
  for (const [index, code] of EXAMPLES.entries()) writeFileSync(join(folder, `example-${index}.ts`), code);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('docs/library.md', () => {
  it('has three examples', () => {
    expect(EXAMPLES.length).toBe(3);
  });

  it.each(EXAMPLES.map((_, index) => index))(
    'example %i runs, and ends by itself',
    async (index) => {
      const child = spawn(process.execPath, [join(folder, `example-${index}.ts`)], { cwd: folder });
      const errors = text(child.stderr);
      const code = await new Promise((resolve) => child.on('exit', resolve));
      expect(await errors).toBe('');
      expect(code).toBe(0);
    },
    60_000,
  );

  it('has types: the examples compile, and what is not there does not', () => {
    writeFileSync(
      join(folder, 'wrong.ts'),
      `import { snapshot } from 'shmtop';\nconst [object] = (await snapshot()).objects;\nconsole.log(object?.nattch?.toFixed(), object?.nothing);\n`,
    );
    const flags = '--noEmit --strict --target es2024 --module nodenext --skipLibCheck false'.split(' ');
    const files = globSync('*.ts', { cwd: folder });
    const types = ['--typeRoots', join(root, 'node_modules/@types'), '--types', 'node'];
    const { stdout } = spawnSync(join(root, 'node_modules/.bin/tsc'), [...flags, ...types, ...files], {
      cwd: folder,
      encoding: 'utf8',
    });
    const errors = stdout.split('\n').filter((line) => / error /.test(line));
    expect(errors.map((line) => /^[\w.-]+|TS\d+/.exec(line)?.[0])).toEqual(['wrong.ts']);
    expect(errors[0]).toContain("'nothing' does not exist");
  });
});

describe('snapshot', () => {
  it('gives what ls --json gives, each object with its removal', async () => {
    const found = await snapshot();
    expectFit('ls', JSON.parse(JSON.stringify({ ...found, objects: [] })));
    for (const object of found.objects.slice(0, 20)) {
      expectFit('show', JSON.parse(JSON.stringify(object)));
      expect(object.removal.text.length).toBeGreaterThan(0);
    }
  });

  it('takes filter words, and refuses those that make no sense', async () => {
    expect((await snapshot({ filter: ['kind=sysv', 'size>1000T'] })).objects).toEqual([]);
    await expect(snapshot({ filter: ['size>x'] })).rejects.toThrow(TypeError);
  });
});

describe('watch', () => {
  it('has not begun when it was aborted before, and tells why it ended', async () => {
    const reason = new Error('enough');
    await expect(watch({ signal: AbortSignal.abort(reason) }).next()).rejects.toBe(reason);
    const abort = new AbortController();
    const iteration = watch({ signal: abort.signal, filter: ['size>1000T'] });
    const first = iteration.next();
    setTimeout(() => abort.abort(reason), 500);
    await expect(first).rejects.toBe(reason);
    expect(await iteration.next()).toEqual({ done: true, value: undefined });
  });

  it('tells what is made, and ends with a break', async () => {
    const events: string[] = [];
    const made = setTimeout(() => {
      spawn('sh', ['-c', 'id=$(ipcmk -M 12345 | grep -o "[0-9]*$"); sleep 3; ipcrm -m $id'], { stdio: 'ignore' });
    }, 500);
    for await (const event of watch({ signal: AbortSignal.timeout(20_000) })) {
      if (event.event === 'created' && event.sizeBytes === 12_345) {
        events.push(event.event);
        break;
      }
    }
    clearTimeout(made);
    expect(events).toEqual(['created']);
  });
});

it('explain says the verdict, its evidence and the removal, in sentences', () => {
  const sentences = explain({
    id: 'sysv:5',
    verdict: { state: 'unheld', evidence: [{ text: 'nobody holds it' }, { text: 'it is young.' }] },
    removal: { text: 'it would go' },
  });
  expect(sentences).toEqual(['sysv:5 is unheld.', 'Nobody holds it.', 'It is young.', 'Removal: it would go.']);
});

it('the built library reaches no React and no Ink', () => {
  const seen = new Set<string>();
  const visit = (file: string) => {
    if (seen.has(file)) return;
    seen.add(file);
    const code = readFileSync(join(root, 'dist', file), 'utf8');
    for (const [, name = ''] of code.matchAll(/(?:\bfrom|\bimport)\s*["']\.\/([^"']+)["']/g))
      visit(file.startsWith('chunks/') ? `chunks/${name}` : name);
  };
  visit('library.js');
  expect(seen.size).toBeGreaterThan(1);
  for (const file of seen)
    expect(readFileSync(join(root, 'dist', file), 'utf8'), file).not.toMatch(/react\.(transitional\.)?element/);
});
