// 200 IPC namespaces with 20 segments each, as on a host full of containers: what a look costs more, and what the looks after it cost.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { COMPILED_SOURCES } from '../support/compiled-sources.ts';
import { labMissing } from '../support/lab.ts';

const missing = labMissing();
const SOURCES = fileURLToPath(new URL('../../src', import.meta.url));
const MANY = 200;
const SEGMENTS = 20;
const MOST_MS = 60;

const SCENE = `
import ctypes, os, signal, sys
libc = ctypes.CDLL(None, use_errno=True)
for at in range(${MANY}):
    read, write = os.pipe()
    if os.fork() == 0:
        assert libc.unshare(0x08020000) == 0
        for one in range(${SEGMENTS}): assert libc.shmget(0, 4096, 0o1600) >= 0
        os.write(write, b'x')
        signal.pause()
    os.close(write)
    assert os.read(read, 1) == b'x'
    os.close(read)
open(sys.argv[1], 'w').close()
signal.pause()
`;

/** The least time of a processor in several looks, by one sampler each: what a busy machine adds is not what is measured. */
const MEASURE = `
import { Sampler } from '${SOURCES}/probe/look/sampler.ts';
const cpuMs = () => { const { user, system } = process.cpuUsage(); return (user + system) / 1000; };
const best = (sampler) => {
  let least = Infinity;
  for (let round = 0; round < 12; round++) {
    const startedMs = cpuMs();
    sampler.sample();
    if (round > 2) least = Math.min(least, cpuMs() - startedMs);
  }
  return least;
};
const plain = new Sampler({});
const told = new Sampler({ units: true, namespaces: true, ceilings: true });
const first = () => {
  const startedMs = cpuMs();
  const { namespaces = [], objects } = new Sampler({ units: true, namespaces: true }).sample();
  return { ms: cpuMs() - startedMs, namespaces: namespaces.length, objects: objects.length };
};
const firstPlain = () => { const startedMs = cpuMs(); new Sampler({}).sample(); return cpuMs() - startedMs; };
firstPlain(); first();
const ones = [], firsts = [];
for (let round = 0; round < 8; round++) { ones.push(firstPlain()); firsts.push(first()); }
const plainMs = best(plain), toldMs = best(told);
const { namespaces, objects } = firsts[0];
console.log(JSON.stringify({ namespaces, objects, plainMs, toldMs, firstPlainMs: Math.min(...ones), firstMs: Math.min(...firsts.map(({ ms }) => ms)) }));
`;

describe.skipIf(missing)(`${MANY} namespaces${missing ? ` (skipped: ${missing})` : ''}`, () => {
  test(`with ${SEGMENTS} segments each cost one more pass of less than ${MOST_MS} ms, and next to nothing after it`, () => {
    const folder = mkdtempSync(join(tmpdir(), 'shmtop-test-'));
    try {
      writeFileSync(join(folder, 'scene.py'), SCENE);
      writeFileSync(join(folder, 'measure.mjs'), MEASURE);
      const script = `python3 ${folder}/scene.py ${folder}/ready & scene=$!
until [ -e ${folder}/ready ]; do sleep 0.05; done
${process.execPath} ${folder}/measure.mjs > ${folder}/figures; kill $scene`;
      execFileSync('unshare', ['-imp', '--fork', '--kill-child', '--mount-proc', 'sh', '-c', script], {
        env: { ...process.env, ...COMPILED_SOURCES },
        stdio: ['ignore', 'ignore', 'inherit'],
        timeout: 100_000,
      });
      const figures = JSON.parse(readFileSync(join(folder, 'figures'), 'utf8'));
      expect(figures).toMatchObject({ namespaces: MANY + 1, objects: MANY * SEGMENTS });
      const { plainMs, toldMs, firstPlainMs, firstMs } = figures;
      expect(firstMs - firstPlainMs).toBeLessThan(MOST_MS);
      expect(toldMs - plainMs).toBeLessThan(MOST_MS / 4);
      if (process.env.SHMTOP_SHOW_FIGURES) console.log(figures);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
