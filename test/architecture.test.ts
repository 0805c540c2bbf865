// The rooms of docs/architecture.md: which folder may import what. Type imports count too: they are dependencies of the reader.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { circlesAmong, sourceFiles as files, importsOf } from './imports.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

interface Room {
  readonly name: string;
  /** Paths below src. */
  readonly files: RegExp;
  /** What its imports may match: paths below src, package names, `node:…`. */
  readonly may: readonly RegExp[];
}

/** Facts: what was read, joined, judged, measured, planned. They know nothing of how it is said. */
const MODEL = [/^probe\/(model|parse)\//, /^(load|remove)\/model\//];
/** What was thrown, in a word: everybody catches. And what the single executable carries. */
const FAULT = /^(fault|single-file)\//;
const FORMAT = /^ui\/format\//;
const FILTER = /^filter\//;
const NODE = /^node:/;

const ROOMS: readonly Room[] = [
  { name: 'faults, and the single executable', files: FAULT, may: [] },
  { name: 'process', files: /^process\//, may: [/^node:(fs|os)$/] },
  { name: 'files', files: /^files\//, may: [/^files\//, /^node:(fs|path|os|crypto)$/] },
  { name: 'native', files: /^native\//, may: [/^native\//, /^koffi$/, NODE] },
  { name: 'models', files: /^(probe\/(model|parse)|(load|remove)\/model)\//, may: MODEL },
  { name: 'format', files: /^ui\/format\//, may: [FORMAT, ...MODEL] },
  { name: 'filter words', files: FILTER, may: [FILTER, FORMAT, ...MODEL] },
  { name: 'the state of the dashboard', files: /^ui\/state\//, may: [/^ui\/state\//, FILTER, FORMAT, ...MODEL] },
  { name: 'rules', files: /^rules\//, may: [/^(rules|files)\//, /^smol-toml$/, /^node:(fs|path)$/, FORMAT, ...MODEL] },
  {
    name: 'the thread that observes',
    files: /^probe\/thread\/sampler-worker\.ts$/,
    may: [/^(native|probe)\//, /^rules\/(places|read-rules|rules)\.ts$/, /^witness\/beside\.ts$/, NODE, ...MODEL],
  },
  {
    name: 'probe',
    files: /^probe\//,
    may: [/^(files|native|process)\//, /^probe\//, NODE, /^systeminformation$/, ...MODEL],
  },
  // Nobody but the entries of the program and of its thread import it: what it writes is read by probe/source.
  { name: 'the model of the witness', files: /^witness\/model\//, may: [/^witness\/model\//, ...MODEL] },
  { name: 'witness', files: /^witness\//, may: [/^(files|native|process|probe|witness)\//, NODE, ...MODEL] },
  {
    name: 'remove',
    files: /^remove\//,
    may: [/^(files|native)\//, /^probe\//, /^remove\//, /^rules\/read-rules\.ts$/, NODE, ...MODEL],
  },
  {
    name: 'load',
    files: /^load\//,
    may: [/^(native|process)\//, /^probe\//, /^load\//, NODE, /^systeminformation$/, ...MODEL],
  },
  {
    name: 'serve',
    files: /^serve\//,
    may: [/^files\//, /^probe\//, /^serve\//, /^node:(http|net|path)$/, ...MODEL],
  },
  { name: 'the output of cli', files: /^cli\/terminal\.ts$/, may: [/^cli\/output\.ts$/, /^node:fs$/] },
  { name: 'the questions of cli', files: /^cli\/ask\.ts$/, may: [/^cli\/context\.ts$/, /^node:(fs|tty)$/] },
  {
    name: 'the command line',
    files: /^cli\/command-line\.ts$/,
    may: [/^cli\/(usage|habits)\.ts$/, /^ui\/format\/nearest\.ts$/, /^node:util$/],
  },
  { name: 'the load command', files: /^cli\/load/, may: [/^cli\//, /^load\//, FILTER, FORMAT, ...MODEL] },
  { name: 'cli', files: /^cli\//, may: [/^cli\//, /^\.\.\/package\.json$/, FILTER, FORMAT, ...MODEL] },
  { name: 'the manual', files: /^manual\//, may: [/^manual\//, /^(cli|ui\/state)\//, FILTER, FORMAT, ...MODEL] },
  {
    name: 'the shell of the dashboard',
    files: /^ui\/(run\.tsx|run\/|death-text\.ts|mount\.tsx|settings-file\.ts|terminal\/)/,
    may: [
      /^ui\//,
      /^(files|process)\//,
      /^probe\/(model\/|thread\/(sampler-client|worker-protocol))/,
      /^(react|ink|smol-toml)$/,
      /^node:(fs|path|stream|tty)$/,
    ],
  },
  {
    name: 'screens',
    files: /^ui\//,
    may: [/^ui\//, FILTER, /^react$/, /^ink$/, /^(probe|load|remove)\/model\//, /^probe\/thread\/worker-protocol\.ts$/],
  },
  { name: 'the entry', files: /^[^/]+\.ts$/, may: [/./] },
];

const imports = files.flatMap(importsOf);

describe('the rooms', () => {
  it('hold every source file', () => {
    expect(files.length).toBeGreaterThan(50);
    expect(files.filter((file) => !ROOMS.some((room) => room.files.test(file)))).toEqual([]);
  });

  it.each(ROOMS.map((room) => [room.name, room] as const))('%s imports only what it may', (_, room) => {
    const wrong = imports
      .filter(({ from }) => ROOMS.find(({ files }) => files.test(from)) === room)
      .filter(({ to }) => !FAULT.test(to) && !room.may.some((allowed) => allowed.test(to)))
      .map(({ from, to }) => `${from} imports ${to}`);
    expect(wrong).toEqual([]);
  });

  it('would be noticed if they were broken', () => {
    const pure = ROOMS.find(({ name }) => name === 'models');
    expect(importsOf('cli/terminal.ts').map(({ to }) => to)).toContain('node:fs');
    expect(pure?.may.some((allowed) => allowed.test('node:fs'))).toBe(false);
    expect(imports.some(({ to, isLazy }) => to === 'cli/show.ts' && isLazy)).toBe(true);
  });
});

describe('circles', () => {
  it('are not made by any imports, types and late ones included', () => {
    expect(circlesAmong(imports)).toEqual([]);
  });

  it('would be found', () => {
    const edges = [
      ['a', 'b'],
      ['b', 'c'],
      ['c', 'b'],
      ['c', 'd'],
      ['e', 'e'],
    ].map(([from = '', to = '']) => ({ from, to }));
    expect(circlesAmong(edges)).toEqual([['b', 'c'], ['e']]);
    expect(circlesAmong([...imports, { from: 'native/errno.ts', to: 'start.ts' }])).not.toEqual([]);
  });
});

it('ls starts without React, Ink and anything else that is heavy', () => {
  const seen = new Set<string>();
  const visit = (file: string) => {
    if (seen.has(file)) return;
    seen.add(file);
    for (const { to, isLazy } of imports.filter(({ from, isType }) => from === file && !isType))
      if (!isLazy || (file === 'main.ts' && to === 'start.ts')) visit(to);
  };
  visit('main.ts');
  expect(seen).toContain('cli/ls.ts');
  const heavy =
    /^(react|ink|systeminformation|string-width|commander|node:(child_process|tty|net|http|worker_threads|readline))/;
  expect([...seen].filter((name) => heavy.test(name))).toEqual([]);
  expect([...seen].filter((name) => /^ui\/(?!state|format)/.test(name))).toEqual([]);
});

it('files are of a size that can be read at once', () => {
  const lines = (file: string) => readFileSync(join(root, 'src', file), 'utf8').split('\n').length;
  expect(files.filter((file) => lines(file) > 350).map((file) => `${file}: ${lines(file)} lines`)).toEqual([]);
});

it('every source file begins with a comment that says what it does', () => {
  const first = (file: string) => readFileSync(join(root, 'src', file), 'utf8').split('\n', 1)[0];
  expect(files.filter((file) => !first(file)?.startsWith('// '))).toEqual([]);
});
