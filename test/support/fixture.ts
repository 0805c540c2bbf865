// A captured /proc tree (test/fixtures, scripts/capture-fixture.mjs) made whole again in a folder of its own: the files of its
// /dev/shm get real devices and inodes here, and the maps and descriptors name those.
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Sampler, type SamplerOptions } from '../../src/probe/look/sampler.ts';
import { unescapeBytes } from '../../src/probe/model/bytes.ts';
import type { Snapshot } from '../../src/probe/model/snapshot.ts';

const FIXTURES = fileURLToPath(new URL('../fixtures', import.meta.url));

interface Description {
  readonly about: string;
  readonly kernel: string;
  readonly takenAtSec: number;
  readonly shm: readonly ShmFile[];
}
export interface ShmFile {
  /** Escaped, with a leading slash. */
  readonly name: string;
  readonly type: 'file' | 'directory' | 'symboliclink' | 'fifo';
  readonly sizeBytes?: number;
  /** Octal. */
  readonly mode?: string;
  /** Another name of the same file, which comes before it. */
  readonly linkTo?: string;
}

export const fixtureNames = (): string[] => readdirSync(FIXTURES);

/** Makes the fixture; removed by `using`, or by calling its dispose. */
export function openFixture(name: string): Fixture {
  return new Fixture(join(FIXTURES, name));
}

export class Fixture implements Disposable {
  readonly procRoot: string;
  readonly shmRoot: string;
  readonly takenAtMs: number;
  readonly about: string;
  readonly #folder: string;
  /** Files that stand for unlinked ones: their inodes are nobody else's. */
  readonly #unlinked: string;

  constructor(source: string) {
    const description: Description = JSON.parse(readFileSync(join(source, 'fixture.json'), 'utf8'));
    this.#folder = mkdtempSync(join(tmpdir(), 'shmtop-fixture-'));
    chmodSync(this.#folder, 0o755);
    this.procRoot = join(this.#folder, 'proc');
    this.shmRoot = join(this.#folder, 'shm');
    this.#unlinked = join(this.#folder, 'unlinked');
    this.takenAtMs = description.takenAtSec * 1000;
    this.about = description.about;
    mkdirSync(this.#unlinked);
    mkdirSync(this.shmRoot);
    for (const file of description.shm) this.addShm(file);
    this.#copy(join(source, 'proc'), this.procRoot);
  }

  /** A snapshot of the tree; ages are counted to the moment of the capture unless `nowMs` is given. */
  sample(options: SamplerOptions = {}): Snapshot {
    const { procRoot, shmRoot, takenAtMs } = this;
    return new Sampler({ procRoot, shmRoot, nowMs: () => takenAtMs, ...options }).sample();
  }

  /** The path below the proc root. */
  proc(path: string): string {
    return join(this.procRoot, path);
  }

  /** Writes a file below the proc root, placeholders filled in. */
  write(path: string, text: string): void {
    mkdirSync(dirname(this.proc(path)), { recursive: true });
    writeFileSync(this.proc(path), this.#filled(text), 'latin1');
  }

  /** Makes a link below the proc root. */
  link(path: string, target: string): void {
    mkdirSync(dirname(this.proc(path)), { recursive: true });
    symlinkSync(Buffer.from(this.#filled(target), 'latin1'), this.proc(path));
  }

  /** Takes something below the proc root away. */
  remove(path: string): void {
    rmSync(this.proc(path), { recursive: true });
  }

  /** Puts a directory in the place of a file: reading it is EISDIR, as a read of the kernel's may fail with EIO. */
  breakFile(path: string): void {
    rmSync(this.proc(path), { recursive: true, force: true });
    mkdirSync(this.proc(path), { recursive: true });
  }

  /** Changes a file below the proc root. */
  edit(path: string, change: (text: string) => string): void {
    writeFileSync(this.proc(path), change(readFileSync(this.proc(path), 'latin1')), 'latin1');
  }

  addShm({ name, type, sizeBytes = 0, mode, linkTo }: ShmFile): void {
    const path = this.#shmPath(name);
    if (linkTo !== undefined) linkSync(this.#shmPath(linkTo), path);
    else if (type === 'directory') mkdirSync(path);
    else if (type === 'symboliclink') symlinkSync('nowhere', path);
    else if (type === 'fifo') execFileSync('mkfifo', [path.toString()]);
    else writeFileSync(path, '');
    if (type === 'file' && sizeBytes > 0) truncateSync(path, sizeBytes);
    if (type !== 'symboliclink' && mode !== undefined) chmodSync(path, Number.parseInt(mode, 8));
  }

  [Symbol.dispose](): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #shmPath(name: string): Buffer {
    return Buffer.from(this.shmRoot + unescapeBytes(name), 'latin1');
  }

  #copy(from: string, to: string): void {
    const stat = lstatSync(from);
    if (stat.isDirectory()) {
      mkdirSync(to);
      for (const name of readdirSync(from)) this.#copy(join(from, name), join(to, name));
    } else if (stat.isSymbolicLink()) {
      symlinkSync(Buffer.from(this.#filled(readlinkSync(from, 'latin1')), 'latin1'), to);
    } else {
      const text = readFileSync(from, 'latin1');
      if (text === '{{unreadable}}') mkdirSync(to);
      else writeFileSync(to, this.#filled(text), 'latin1');
    }
  }

  /**
   * `{{file:/name}}` is the device and inode as maps prints them, or in the text of a link the path; `{{unlinked:7}}` those
   * of a file that has no name in /dev/shm; `{{bytes:…}}` raw bytes. A file that is all `{{unreadable}}` cannot be read (EISDIR).
   */
  #filled(text: string): string {
    return text
      .replace(/^\{\{file:([^}]*)\}\}$/, (_, name: string) => this.#shmPath(name).toString('latin1'))
      .replace(/\{\{file:([^}]*)\}\}/g, (_, name: string) => deviceAndInode(this.#shmPath(name)))
      .replace(/\{\{unlinked:(\w+)\}\}/g, (_, number: string) => {
        const path = join(this.#unlinked, number);
        writeFileSync(path, '', { flag: 'a' });
        return deviceAndInode(Buffer.from(path));
      })
      .replace(/\{\{bytes:((?:[^}]|\}(?!\}))*)\}\}/g, (_, escaped: string) => unescapeBytes(escaped));
  }
}

/** `fe:00 1234`, as proc_pid_maps(5) has it. */
function deviceAndInode(path: Buffer): string {
  const { dev, ino } = lstatSync(path, { bigint: true });
  // gnu_dev_major(3), gnu_dev_minor(3)
  const major = ((dev >> 8n) & 0xfffn) | ((dev >> 32n) & ~0xfffn);
  const minor = (dev & 0xffn) | ((dev >> 12n) & 0xffffff00n);
  return `${major.toString(16).padStart(2, '0')}:${minor.toString(16).padStart(2, '0')} ${ino}`;
}
