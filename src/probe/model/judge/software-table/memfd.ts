// Names of memfds: hints at their makers. A memfd lives exactly as long as somebody holds it, so there is nothing to judge.
import type { SoftwareRow } from '../software.ts';

const RUN = 'run, alive and after SIGKILL';

function memfd(name: RegExp, software: string, role: string, mark: 'V' | 'D' | 'F', source: string): SoftwareRow {
  return {
    match: { on: 'memfd', name },
    name: software,
    role,
    outlives: false,
    leftover: { when: 'unknown' },
    source,
    mark,
  };
}

export const MEMFD: readonly SoftwareRow[] = [
  memfd(/^pulseaudio$/, 'PulseAudio', 'pool of sound blocks', 'V', `PulseAudio 16.1 ${RUN}`),
  memfd(/^pipewire-memfd(?::[\x20-\x7e]{0,230})?$/, 'PipeWire', 'buffer of a stream', 'V', `PipeWire 0.3.65 ${RUN}`),
  memfd(/^mozilla-ipc$/, 'Firefox', 'segment between processes', 'V', `Firefox 153 ${RUN}`),
  memfd(/^shared-memory-region$/, 'Chromium', 'segment between processes', 'V', `Chromium 156 ${RUN}`),
  memfd(/^java_heap$/, 'OpenJDK', 'heap of ZGC, mapped three times', 'V', `OpenJDK 17 ${RUN}`),
  memfd(/^weston-shared$/, 'Weston', 'surface of a client', 'V', `Weston 10 ${RUN}`),
  memfd(/^wayland-cursor$/, 'Wayland', 'images of the cursor', 'V', `Weston 10 ${RUN}`),
  memfd(/^gdk-wayland$/, 'GTK', 'surface of a client', 'F', 'GDK, Wayland back end (not run)'),
  memfd(/^wayland-shm$/, 'cairo', 'surface of a client', 'F', 'cairo or GTK clients (not run)'),
  memfd(/^wlroots-[\x20-\x7e]{1,230}$/, 'wlroots', 'buffer of a compositor', 'F', 'wlroots (not run)'),
  memfd(/^xshmfence$/, 'X11', 'fence between server and client (DRI3)', 'F', 'libxshmfence (not run)'),
  memfd(/^doublemapper$/, '.NET', 'compiled code, mapped twice', 'F', '.NET runtime, W^X (not run)'),
  memfd(/^JITCode:[\x20-\x7e]{0,230}$/, 'Qt QML', 'compiled JavaScript', 'F', 'Qt QML JIT allocator (not run)'),
  memfd(
    /^runc_cloned:[\x20-\x7e]{0,230}$/,
    'runc',
    'sealed copy of its own program',
    'F',
    'runc, CVE-2019-5736 (not run)',
  ),
  memfd(
    /^(?:memory-backend-memfd[a-z-]{0,16}|anon-memfd)$/,
    'QEMU',
    'memory of a virtual machine',
    'D',
    'qemu hostmem-memfd.c, physmem.c',
  ),
  memfd(/^vhost-(?:log|inflight|fs-state)$/, 'QEMU', 'shared with a vhost back end', 'D', 'qemu vhost.c, vhost-user.c'),
  memfd(/^displaysurface$/, 'QEMU', 'picture of a virtual machine', 'D', 'qemu ui/console.c'),
  memfd(/^tcg-jit$/, 'QEMU', 'translated code, mapped twice', 'D', 'qemu tcg/region.c'),
];
