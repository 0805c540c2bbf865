// THE table of the fields of an object: how each is compared from tick to tick, how it is written in JSON, and what it means.
// The order is that of the JSON.
import type { Container, EntryType, Holder, Kind, Maker, ShmObject, SoftwareMatch, Status, Verdict } from './object.ts';
import { isSameContainer, isSameHolder, isSameMaker, isSameSoftware, isSameVerdict } from './object-parts.ts';
import { type Comparison, sameList, sameRecord } from './same.ts';

/** The forms in which fields are written, each with the type of what it is made of. cli knows each as text and as schema. */
export interface JsonForms {
  readonly objectId: string;
  readonly kind: Kind;
  /** Raw bytes, escaped; `nameBytes` beside it where that does not show them. */
  readonly name: string;
  /** Raw bytes, escaped. */
  readonly bytesText: string;
  readonly bytesTexts: readonly string[];
  /** Text from outside, made safe to print. */
  readonly outsideText: string;
  readonly entryType: EntryType;
  readonly device: string;
  readonly namespace: string;
  readonly key: string;
  readonly perms: string;
  readonly count: number;
  /** At least 1. */
  readonly positive: number;
  readonly bytes: number;
  readonly userId: number;
  /** Seconds since the epoch, as ISO 8601. */
  readonly time: number;
  readonly status: readonly Status[];
  readonly maker: Maker;
  readonly holders: readonly Holder[];
  readonly software: SoftwareMatch;
  readonly container: Container;
  readonly verdict: Verdict;
}
export type JsonForm = keyof JsonForms;

type FormOf<Value> = { [Form in JsonForm]: Value extends JsonForms[Form] ? Form : never }[JsonForm];

/** One field. `json` absent: it is not written. `isRequired`: never absent, as its type says. */
type Field<Value> = {
  readonly same: Comparison<Value, ShmObject>;
  readonly json?: { readonly name: string; readonly form: FormOf<NonNullable<Value>> };
  /** What it means, for docs/reference.md and the JSON Schema. */
  readonly about: string;
} & (undefined extends Value ? { readonly isRequired?: false } : { readonly isRequired: true });

/** A value without parts. */
const plain = <const Form extends JsonForm>(name: string, form: Form, about: string) =>
  ({ same: 'value', json: { name, form }, about }) as const;

const parts = <const Form extends JsonForm, How>(name: string, form: Form, same: How, about: string) =>
  ({ same, json: { name, form }, about }) as const;

type Fields = { readonly [Name in keyof Required<ShmObject>]: Field<ShmObject[Name]> };

export const OBJECT_FIELDS = {
  id: {
    ...plain(
      'id',
      'objectId',
      'unique within a snapshot: sysv:NAMESPACE:SHMID, sysv:unknown:SHMID:KEY where its namespace is gone, else KIND:MAJOR:MINOR:INODE',
    ),
    isRequired: true,
  },
  shortId: { same: 'value', isRequired: true, about: 'what ls prints and every command takes' },
  kind: {
    ...plain(
      'kind',
      'kind',
      'System V segment, name on a tmpfs, the same without a name, memfd, anonymous shared mapping, ordinary file',
    ),
    isRequired: true,
  },
  rawName: {
    ...plain(
      'name',
      'name',
      'key, /name, memfd:name, or path, escaped; nameBytes has its raw bytes where it needs them',
    ),
    isRequired: true,
  },
  otherRawNames: parts('otherNames', 'bytesTexts', sameList('value'), 'further hard links'),
  rawPath: plain('path', 'bytesText', 'of a name, as seen from here'),
  type: plain('type', 'entryType', 'of a name: what it is'),
  device: plain('device', 'device', 'of the file system that it lies on, major:minor'),
  inode: plain('inode', 'count', 'of a file; also of a memfd and an anonymous mapping'),
  links: plain('links', 'count', 'names of a file; 0 once unlinked'),
  shmid: plain('shmid', 'count', 'of a segment, which may come again'),
  key: plain('key', 'key', 'of a segment; 0x00000000 for IPC_PRIVATE, and once it is marked for destruction'),
  ipcNamespace: plain('ipcNamespace', 'namespace', 'of a segment: what ns= and rm --namespace take'),
  mountNamespace: plain(
    'mountNamespace',
    'namespace',
    'where its /dev/shm was found, if not in ours: what ns= and rm --namespace take',
  ),
  rootInode: { same: 'value', about: 'of the top directory of its /dev/shm, of which a tmpfs may have several' },
  onDisk: plain('onDisk', 'outsideText', 'the file system that it lies on, which is no memory'),
  onMemory: plain(
    'onMemory',
    'outsideText',
    'of a file: the file system that it lies on, which is memory: tmpfs and the like',
  ),
  sizeBytes: plain('sizeBytes', 'bytes', 'how large it is; what nobody touched takes no memory'),
  rssBytes: plain('rssBytes', 'bytes', 'resident bytes of a segment'),
  swapBytes: plain('swapBytes', 'bytes', 'swapped bytes of a segment'),
  allocatedBytes: plain('allocatedBytes', 'bytes', 'resident and swapped bytes of a file on a tmpfs'),
  hugePageBytes: plain('hugePageBytes', 'bytes', 'size of its huge pages'),
  nattch: plain('nattch', 'count', 'mappings of a segment, counted by the kernel; not processes'),
  perms: plain('perms', 'perms', 'permission bits, octal'),
  status: {
    ...parts(
      'status',
      'status',
      sameList('value'),
      'dest: goes with its last attach; locked: SHM_LOCK; hugetlb: made of huge pages',
    ),
    isRequired: true,
  },
  uid: plain('uid', 'userId', 'who owns it'),
  user: plain('user', 'outsideText', 'name of uid'),
  gid: plain('gid', 'userId', 'its group'),
  group: plain('group', 'outsideText', 'name of gid'),
  cuid: plain('cuid', 'userId', 'who made a segment'),
  cgid: plain('cgid', 'userId', 'the group of who made a segment'),
  creator: parts('creator', 'maker', isSameMaker, 'the process that made a segment, and what became of it'),
  lastUser: parts('lastUser', 'maker', isSameMaker, 'the process that attached to a segment or detached from it last'),
  atimeSec: plain('atime', 'time', 'last attach of a segment; last reading of a file'),
  dtimeSec: plain('dtime', 'time', 'last detach of a segment'),
  ctimeSec: plain('ctime', 'time', 'last change of a segment, at first its making; last change of the inode of a file'),
  mtimeSec: plain('mtime', 'time', 'last writing of a file with write(2); writing through a mapping seldom counts'),
  btimeSec: plain('btime', 'time', 'when a file was made'),
  holders: {
    ...parts('holders', 'holders', sameList(isSameHolder), 'processes that map it or have it open'),
    isRequired: true,
  },
  hiddenMappings: plain('hiddenMappings', 'positive', 'of a segment: nattch minus the mappings found'),
  software: parts('software', 'software', isSameSoftware, 'what it looks like: a hint, never proof'),
  container: parts('container', 'container', isSameContainer, 'the one that it belongs to, where it does'),
  verdict: {
    ...parts('verdict', 'verdict', isSameVerdict, 'whether anybody still needs it, with the evidence'),
    isRequired: true,
  },
} satisfies Fields;

/** A field that JSON has: where in the object it stands, and how it is written. In the order of the JSON. */
export interface WrittenField {
  readonly field: keyof ShmObject;
  readonly name: string;
  readonly form: JsonForm;
  readonly isRequired: boolean;
  readonly about: string;
}

export const WRITTEN_FIELDS: readonly WrittenField[] = Object.entries<Row>(OBJECT_FIELDS).flatMap(([field, row]) =>
  isField(field) && row.json !== undefined
    ? [{ field, ...row.json, isRequired: row.isRequired ?? false, about: row.about }]
    : [],
);

type Row = Pick<WrittenField, 'about'> & {
  readonly json?: Pick<WrittenField, 'name' | 'form'>;
  readonly isRequired?: boolean;
};

function isField(name: string): name is keyof ShmObject {
  return Object.hasOwn(OBJECT_FIELDS, name);
}

/** Is everything that can be seen of the object the same? */
export const isSameObject = sameRecord<ShmObject>(OBJECT_FIELDS);
