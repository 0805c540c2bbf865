// The desktop: browsers, Steam, Wine, and the System V segments of X servers and their clients.
import type { SoftwareRow } from '../software.ts';

const NO_KEY = '0x00000000';

export const DESKTOP: readonly SoftwareRow[] = [
  {
    // Any Electron program makes them, and with TMPDIR=/dev/shm they may be ordinary temporary files.
    match: { on: 'posix', path: /^\.(?:org\.chromium\.Chromium|com\.google\.Chrome)\.[A-Za-z0-9]{6}$/ },
    name: 'Chromium',
    role: 'segment of a browser or Electron program, unlinked at birth',
    outlives: false,
    leftover: { when: 'unknown' },
    removalBreaks: 'nothing that is open already',
    source: 'Chromium 156 run (uses memfd today); base/file_util TempFileName; puppeteer#6286',
    mark: 'V+D',
  },
  {
    match: {
      on: 'posix',
      path: /^(?:org\.mozilla\.ipc\.(?<pid>\d{1,7})|(?:snap\.[\w-]{1,64}\.)?wayland\.mozilla\.ipc)\.\d{1,10}$/,
    },
    name: 'Firefox',
    role: 'segment of a browser, unlinked at birth',
    outlives: false,
    leftover: { when: 'unknown' },
    removalBreaks: 'nothing that is open already',
    source: 'Firefox widget/gtk WaylandBuffer (shm_unlink after shm_open)',
    mark: 'D',
  },
  {
    match: { on: 'posix', path: /^u\d{1,10}-(?:Shm_[0-9a-f]{1,8}|ValveIPCSharedObj-[A-Za-z0-9]{1,32})$/ },
    name: 'Steam',
    role: 'channel between the client and its games',
    outlives: false,
    leftover: {
      when: 'no-process',
      comm: /^[\s\S]*(?:steam|reaper|srt-|pv-|vrserver|vrcompositor)[\s\S]*$/i,
      of: 'user',
    },
    patienceSec: 300,
    removalBreaks: 'a running client',
    cleanup: 'none: users delete them after quitting',
    source: 'steam-for-linux#9233, #9109: leaks with every run',
    mark: 'D',
  },
  {
    match: { on: 'posix', path: /^wine-[0-9a-f]{1,16}-[fe]sync$/ },
    name: 'Wine',
    role: 'synchronisation of a prefix (fsync, esync)',
    outlives: false,
    leftover: { when: 'no-process', comm: /^[\s\S]*(?:wine|proton|steam|\.exe)[\s\S]*$/i, of: 'user' },
    patienceSec: 120,
    removalBreaks: 'a running game',
    cleanup: 'the next wineserver unlinks it ("was not properly removed")',
    source: 'wine server/fsync.c (Proton, wine-staging); umu-launcher#489',
    mark: 'D',
  },
  {
    match: {
      on: 'sysv',
      test: ({ key, perms, isDest }) => key === NO_KEY && perms === '777' && !isDest,
    },
    name: 'X server -shmem',
    role: 'screen of Xvfb -shmem, or a pixmap never marked for destruction',
    outlives: false,
    leftover: { when: 'unknown' },
    removalBreaks: 'nothing once its creator is gone',
    cleanup: 'ipcrm -m: Xvfb leaves it even after SIGTERM',
    source: 'Xvfb 21.1.7 -shmem run and ended',
    mark: 'V',
  },
  {
    match: { on: 'sysv', test: ({ key, isDest }) => key === NO_KEY && isDest },
    name: 'X11 MIT-SHM, UCX and others',
    role: 'shared pixmap or transport, goes with its users',
    outlives: false,
    leftover: { when: 'unknown' },
    removalBreaks: 'nothing more: it is marked for destruction already',
    source: 'Xvfb with ffmpeg, MPICH and UCX run and killed; tigervnc#434',
    mark: 'V',
  },
  {
    match: { on: 'posix', path: /^WK2SharedMemory\.\d{1,10}$/ },
    name: 'WebKitGTK',
    role: 'buffer between processes of a browser, unlinked at birth',
    outlives: false,
    leftover: { when: 'unknown' },
    removalBreaks: 'nothing: it should not be visible',
    source: 'WebKit SharedMemoryUnix.cpp: shm_open, shm_unlink at once',
    mark: 'D',
  },
  {
    // SHA-1 of the key behind the letters of it. From Qt 6.6 on a program may use any name instead (QNativeIpcKey).
    match: { on: 'posix', path: /^(?:sem\.)?qipc_(?:sharedmemory|systemsem)_[A-Za-z]{0,150}[0-9a-f]{40}$/ },
    name: 'Qt IPC',
    role: 'QSharedMemory or QSystemSemaphore by name',
    outlives: false,
    leftover: { when: 'unknown' },
    removalBreaks: 'the programs that share it; many take it as the sign that they run already',
    source: 'Qt qtipccommon.cpp: legacyPlatformSafeKey',
    mark: 'D',
  },
];
