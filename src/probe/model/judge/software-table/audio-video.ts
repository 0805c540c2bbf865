// Sound and video: PulseAudio, JACK, GStreamer.
import type { SoftwareRow } from '../software.ts';

/** Servers; JACK clients hold their segments themselves. A promiscuous server may run as somebody else. */
const JACK = /^[\s\S]*(?:jackd|jackdbus|jackdmp|qjackctl|pipewire|netjack|ardour)[\s\S]*$/i;

export const AUDIO_VIDEO: readonly SoftwareRow[] = [
  {
    match: { on: 'posix', path: /^pulse-shm-\d{1,10}$/ },
    name: 'PulseAudio',
    role: 'pool of sound blocks (memfd switched off)',
    outlives: false,
    leftover: { when: 'no-process', comm: /^[\s\S]*(?:pulse|pipewire)[\s\S]*$/i, of: 'any' },
    patienceSec: 120,
    removalBreaks: 'clients that play',
    cleanup: 'the next pulseaudio sweeps what dead ones left',
    source: 'PulseAudio 16.1 run and killed; pulsecore/shm.c',
    mark: 'V',
  },
  {
    match: { on: 'posix', path: /^(?:jack-\d{1,10}-\d{1,3}|(?:sem\.)?jack_sem\.[^/\x00-\x1f]{1,240})$/ },
    name: 'JACK',
    role: 'segment or signal of a server',
    outlives: false,
    leftover: { when: 'no-process', comm: JACK, of: 'any' },
    patienceSec: 120,
    removalBreaks: 'the server and its clients',
    cleanup: 'the next jackd makes its segments anew, and uses its semaphores again',
    source: 'jackd 1.9.21 run and killed; JackLinuxFutex',
    mark: 'V',
  },
  {
    match: { on: 'posix', path: /^jack_db-\d{1,10}(?:\/[^/\x00-\x1f]{1,255})?$/ },
    name: 'JACK',
    role: 'metadata of clients and ports, kept from server to server',
    outlives: true,
    leftover: { when: 'never', because: 'keeps' },
    removalBreaks: 'what programs noted about ports; the server, while it runs',
    source: 'jackd 1.9.21 run, ended by SIGTERM and run again: the same files',
    mark: 'V',
  },
  {
    match: { on: 'posix', path: /^jack_(?!sem\.)[\w.-]{1,64}_\d{1,10}_\d{1,3}$/ },
    name: 'JACK',
    role: 'socket of a server',
    outlives: false,
    leftover: { when: 'unknown' },
    removalBreaks: 'the server and its clients',
    cleanup: 'the next jackd makes it anew',
    source: 'jackd 1.9.21 run and killed: jack_default_0_0',
    mark: 'V',
  },
  {
    // "%5d" pads with blanks.
    match: { on: 'posix', path: /^shmpipe\.(?<pid>(?=[ \d]{5})(?! *0) {0,4}\d{1,7})\.(?=[ \d]{5}) {0,4}\d{1,10}$/ },
    name: 'GStreamer',
    role: 'frames of a shmsink',
    outlives: false,
    leftover: { when: 'name-pid-dead', isOfOneProcess: true },
    patienceSec: 120,
    removalBreaks: 'clients that connect later',
    cleanup: 'rm: it is left even after SIGTERM',
    source: 'GStreamer 1.22 run and killed; shmpipe.c',
    mark: 'V',
  },
];
