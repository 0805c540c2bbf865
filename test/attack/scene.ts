// Another user of the machine, and the built program as root runs it beside him.
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
/** Everybody else: no file of the machine belongs to him. */
export const ATTACKER_UID = 65534;
export const isRoot = process.getuid?.() === 0;

/** A folder that everybody can enter, with one of the attacker's (`his`) and one of root's (`home`) in it. */
export class Scene {
  readonly folder = mkdtempSync(join(tmpdir(), 'shmtop-attack-'));
  readonly his = join(this.folder, 'his');
  readonly home = join(this.folder, 'home');

  constructor() {
    chmodSync(this.folder, 0o755);
    mkdirSync(this.home, { mode: 0o700 });
    mkdirSync(this.his);
    spawnSync('chown', [`${ATTACKER_UID}:${ATTACKER_UID}`, this.his]);
  }

  /** The attacker does something, in his folder. Throws where the machine did not let him: the scene would prove nothing. */
  plays(script: string): void {
    const { status, stderr } = spawnSync(
      'setpriv',
      [`--reuid=${ATTACKER_UID}`, `--regid=${ATTACKER_UID}`, '--clear-groups', 'sh', '-ec', script],
      { cwd: this.his, encoding: 'utf8' },
    );
    if (status !== 0) throw new Error(`the attacker failed: ${stderr}`);
  }

  /** Runs the program; `env` is added to what root has. Ended with SIGKILL when it takes longer than a run ever may. */
  shmtop(words: readonly string[], env: Readonly<Record<string, string>> = {}, cwd = this.folder) {
    const { PATH = '/usr/bin:/bin' } = process.env;
    return spawnSync(process.execPath, [MAIN, ...words], {
      cwd,
      env: { PATH, HOME: this.home, SHMTOP_NO_WITNESS: '1', ...env },
      encoding: 'utf8',
      timeout: 15_000,
      killSignal: 'SIGKILL',
    });
  }

  /** A shell script in an IPC namespace of its own; `$0` is the program. */
  inPrivateIpc(script: string) {
    const { PATH = '/usr/bin:/bin' } = process.env;
    return spawnSync('unshare', ['-i', 'sh', '-c', script, MAIN], {
      env: { PATH, HOME: this.home, XDG_STATE_HOME: this.home, SHMTOP_NO_WITNESS: '1' },
      encoding: 'utf8',
      timeout: 20_000,
    });
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
