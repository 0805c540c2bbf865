// Names that a sandbox gives its programs in a corner of the machine's /dev/shm: what the program itself calls the object.
import type { ByteString } from '../bytes.ts';

/** An instance of a snap: `firefox`, `hotsos_2`. */
const SNAP = '[a-z0-9](?:[a-z0-9-]{0,60})(?:_[a-z0-9]{1,10})?';

const CORNERS: readonly { readonly start: string; readonly form: RegExp; readonly kept: string }[] = [
  // A snap's own /dev/shm (shared-memory: private; snapd interfaces/builtin/shared_memory.go), or a name that its rules allow
  // (`/dev/shm/snap.NAME.**`, `sem.snap.NAME.*`; snapd interfaces/apparmor/template.go).
  { start: 'snap.', form: new RegExp(`^snap\\.${SNAP}[./](?<own>[\\s\\S]+)$`), kept: '' },
  { start: 'sem.snap.', form: new RegExp(`^sem\\.snap\\.${SNAP}\\.(?<own>[\\s\\S]+)$`), kept: 'sem.' },
  // flatpak run --allow=per-app-dev-shm (flatpak-run-dbus, "flatpak-%s-XXXXXX").
  { start: 'flatpak-', form: /^flatpak-[\w.-]{1,255}-[A-Za-z0-9]{6}\/(?<own>[\s\S]+)$/, kept: '' },
];

/**
 * What a path below /dev/shm is called by whoever made it inside a snap or flatpak: `snap.hotsos/psm_12345678` is its
 * `psm_12345678`. Undefined: no such corner. Anybody may make such a folder: it only says what to look for, as any name does.
 */
export function nameInSandbox(path: ByteString): ByteString | undefined {
  for (const { start, form, kept } of CORNERS) {
    if (!path.startsWith(start)) continue;
    const own = form.exec(path)?.groups?.own;
    if (own !== undefined) return kept + own;
  }
  return undefined;
}
