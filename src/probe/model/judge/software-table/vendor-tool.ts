// Databases and servers of vendors who ship a tool of their own that knows what may be removed: never ours to judge.
import type { SoftwareRow, SysvTraits } from '../software.ts';

/** Owner (`user`) or living process (`comm`) of a segment. Owners are a convention of the installers, not a rule. */
const isOf = (user: RegExp, comm: RegExp) => (segment: SysvTraits) =>
  (segment.user !== undefined && user.test(segment.user)) || (segment.comm !== undefined && comm.test(segment.comm));

const isOracle = isOf(/^(?:oracle\w{0,26}|ora[a-z0-9]{3}|grid)$/, /^(?:ora|asm|apx|mdb)_[a-z0-9]{3,4}_[\s\S]*$/);
const isDb2 = isOf(/^(?:db2[a-z0-9_]{1,28}|dasusr\d{1,4})$/, /^db2(?:sysc|sysfmp|wdog|fmp|ckpwd|acd)[\s\S]*$/);
const isSap = isOf(/^(?!sys)[a-z][a-z0-9]{2}adm$/, /^(?:dw\.sap|hdbindexserver|hdbnameserver|sapstartsrv)[\s\S]*$/);
const isSybase = isOf(/^(?:sybase|syb[a-z0-9]{3})$/, /^(?:dataserver|backupserver)$/);
const isInformix = isOf(/^(?:informix|gbasedbt)$/, /^oninit$/);
const isTuxedo = isOf(/^tuxedo$/, /^(?:BBL|DBBL|BRIDGE)$/);
const isOpenEdge = isOf(/^openedge$/, /^_(?:mprosrv|mprshut|sqlsrv2|dbutil|progres|proapsv)$/);

/** SAP's own keys: 58900100 plus the number of the instance. */
const SAP_KEYS = { first: 58_900_100, last: 58_900_199 };
/** Informix: 0x52564801 plus 65536 for each server number, plus the number of the segment. */
const INFORMIX_KEY = /^0x52[5-9a-f][0-9a-f]48[0-9a-f]{2}$/i;

function hasSapKey({ key }: SysvTraits): boolean {
  const number = Number.parseInt(key, 16);
  return number >= SAP_KEYS.first && number <= SAP_KEYS.last;
}

const VETO = { outlives: false, leftover: { when: 'never', because: 'vendor-tool' } } as const;

export const VENDOR_TOOL: readonly SoftwareRow[] = [
  {
    match: { on: 'posix', path: /^ora_[^/\x00-\x1f]{1,240}$/ },
    name: 'Oracle Database',
    role: 'granule of automatic memory management (0-byte ones are normal)',
    ...VETO,
    removalBreaks: 'the database',
    cleanup: 'sysresv, which knows the instance of each',
    source: 'tanelpoder.com 2007; dbadatastore',
    mark: 'D',
  },
  {
    match: { on: 'posix', path: /^JOXSHM_EXT_[\w+.-]{1,200}$/ },
    name: 'Oracle Database',
    role: 'compiled Java of an instance',
    ...VETO,
    removalBreaks: 'Java in the database, until the instance restarts',
    cleanup: 'an orderly shutdown removes them',
    source: 'Oracle JVM JIT: code lives in /dev/shm/JOXSHM_EXT_*',
    mark: 'F',
  },
  {
    match: { on: 'sysv', test: isOracle },
    name: 'Oracle Database',
    role: 'SGA (shared global area)',
    ...VETO,
    removalBreaks: 'the instance crashes',
    cleanup: 'sysresv -l SID; ipcrm -m only after it says "not alive"',
    source: 'demo2s.com; oradbps; pouwiel.com (sysresv)',
    mark: 'D',
  },
  {
    match: { on: 'sysv', test: isDb2 },
    name: 'IBM Db2',
    role: 'memory of an instance or its fenced user',
    ...VETO,
    removalBreaks: 'db2 panics',
    cleanup: 'db2_kill, or ipclean as the instance owner',
    source: 'IBM swg21982543; db2commerce',
    mark: 'D',
  },
  {
    match: { on: 'sysv', test: (segment) => isSap(segment) || hasSapKey(segment) },
    name: 'SAP',
    role: 'memory pool of an instance',
    ...VETO,
    removalBreaks: 'the instance',
    cleanup: 'cleanipc NN remove, with NATTCH 0 for all of the instance',
    source: 'help.sap.com (pools); itsiti (key 589001NN); stix.id.au',
    mark: 'D/F',
  },
  {
    match: { on: 'sysv', test: isSybase },
    name: 'SAP ASE (Sybase)',
    role: 'memory of a server',
    ...VETO,
    removalBreaks: 'the server',
    cleanup: 'start the server again: it overwrites its .krg file; ipcrm -m those with NATTCH 0',
    source: 'infocenter.sybase.com (SERVER.krg)',
    mark: 'D',
  },
  {
    match: { on: 'sysv', test: (segment) => isInformix(segment) || INFORMIX_KEY.test(segment.key) },
    name: 'Informix',
    role: 'memory of a server',
    ...VETO,
    removalBreaks: 'the server',
    cleanup: 'onmode -k, then onclean -k',
    source: 'hcltechsw (onclean); keys 0x525648xx: GBase 8s manual',
    mark: 'D',
  },
  {
    match: { on: 'sysv', test: isTuxedo },
    name: 'Oracle Tuxedo',
    role: 'bulletin board of a domain',
    ...VETO,
    removalBreaks: 'the domain',
    cleanup: 'tmipcrm (-n lists only)',
    source: 'docs.oracle.com E13203 rfcmd33 (tmipcrm)',
    mark: 'D',
  },
  {
    match: { on: 'sysv', test: isOpenEdge },
    name: 'Progress OpenEdge',
    role: 'memory of a database',
    ...VETO,
    removalBreaks: 'the database',
    cleanup: 'proutil -C DBIPCS; ipcrm -m those with InUse No',
    source: 'docs.progress.com (proutil DBIPCS)',
    mark: 'D',
  },
];
