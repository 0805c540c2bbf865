// Middleware of robots and low-latency messaging: Fast DDS (ROS 2), iceoryx, Agnocast, Aeron.
import type { SoftwareRow } from '../software.ts';

export const ROBOTICS: readonly SoftwareRow[] = [
  {
    // A port's semaphore is held by nobody while its participant lives: only the lock on `_el` tells (flock(2)).
    match: {
      on: 'posix',
      path: /^(?:sem\.)?fast(?:rtps|dds)_(?:port\d{1,5}|[0-9a-f]{16})(?:_el|_mutex)?$/,
    },
    name: 'Fast DDS',
    role: 'port or segment of a participant (ROS 2), its lock file or semaphore',
    outlives: false,
    leftover: { when: 'unknown' },
    removalBreaks: 'running participants',
    cleanup: 'fastdds shm clean',
    source: 'Fast DDS 2.9.1 run and killed; fastdds(1); Fast-DDS#2003, #2377',
    mark: 'V+D',
  },
  {
    match: { on: 'posix', path: /^fast_datasharing_(?:[0-9a-f]{1,2}[._]){1,15}[0-9a-f]{1,2}$/ },
    name: 'Fast DDS',
    role: 'history of a writer (data sharing)',
    outlives: false,
    leftover: { when: 'unknown' },
    removalBreaks: 'running participants',
    cleanup: 'none before 3.x: fastdds shm clean leaves it out',
    source: 'Fast-DDS#5308, #2377',
    mark: 'D',
  },
  {
    match: { on: 'posix', path: /^iceoryx_mgmt$/ },
    name: 'iceoryx',
    role: 'management segment of RouDi (its payload segments carry the name of a group)',
    outlives: false,
    leftover: { when: 'no-process', comm: /^[\s\S]*(?:iox|roudi|iceoryx)[\s\S]*$/i, of: 'any' },
    patienceSec: 120,
    removalBreaks: 'all nodes',
    cleanup: 'start RouDi again: it removes what the last one left',
    source: 'iceoryx 2.0.3 run and killed; iceoryx FAQ; iceoryx#113, #946',
    mark: 'V+D',
  },
  {
    match: { on: 'posix', path: /^agnocast@(?<pid>\d{1,7})$/ },
    name: 'Agnocast',
    role: 'heap of a publisher',
    outlives: false,
    leftover: { when: 'name-pid-dead' },
    patienceSec: 120,
    removalBreaks: 'subscribers that still read from it',
    cleanup: 'its daemon; rm -f /dev/shm/agnocast@* when nothing runs',
    source: 'Agnocast docs (daemon, cleaning up)',
    mark: 'D',
  },
  {
    // Log buffers that are not mapped still belong to a driver whose cnc.dat is.
    match: {
      on: 'posix',
      path: /^aeron-[\w.@-]{1,64}(?:\/(?:cnc\.dat|(?:[\w-]{1,64}\/)?[^/\x00-\x1f]{1,200}\.(?:logbuffer|dat|log|rec)))?$/,
    },
    name: 'Aeron',
    role: 'media driver: control file or log buffer',
    outlives: true,
    leftover: { when: 'unknown' },
    removalBreaks: 'all clients of the driver; recordings, if an archive is below it',
    cleanup: 'stop the driver, then remove its directory',
    source: 'Aeron: default directory /dev/shm/aeron-[user], dirDeleteOnShutdown',
    mark: 'D',
  },
  {
    match: {
      on: 'posix',
      path: /^iox2_[\w.-]{1,200}\.(?:node_monitor|details|service_tag|[a-z_]{1,20}data|service|dynamic|event|connection|blackboard[a-z_]{0,20}|shm_state|response_connection)(?:_\d{1,10})?$/,
    },
    name: 'iceoryx2',
    role: 'data, state or connection of a service or node',
    outlives: false,
    leftover: { when: 'unknown' },
    removalBreaks: 'the nodes that share the service',
    cleanup: 'the next node removes those of dead nodes (cleanup-dead-nodes-on-creation), or iox2 node cleanup',
    source: 'iceoryx2 config/iceoryx2.toml: prefix iox2_ and the suffixes',
    mark: 'D',
  },
  {
    // Zenoh itself takes each of them that no process has open for a leftover; what pools and hand-offs of later versions keep
    // without having it open is not known.
    match: { on: 'posix', path: /^\d{1,20}\.zenoh$/ },
    name: 'Zenoh',
    role: 'segment of a publisher (rmw_zenoh too)',
    outlives: false,
    leftover: { when: 'unknown' },
    removalBreaks: 'subscribers that still read from it',
    cleanup: 'the next Zenoh session removes those that nobody has open',
    source: 'zenoh-shm shm/unix.rs, posix_shm/cleanup.rs; rmw_zenoh#224',
    mark: 'D',
  },
];
