// What container engines write down of a container, out of their own files: name, image, compose project, pod. Whoever may start a
// container chose all of it: only what engines allow such names to be is taken.
import type { Container } from '../model/object.ts';

/** What records tell of a container; absent: they do not. */
export type ContainerFacts = Partial<Pick<Container, 'name' | 'image' | 'compose' | 'podUid' | 'pod' | 'podNamespace'>>;

/** As docker makes them (RestrictedNameChars, daemon/names/names.go of moby); it sets no length, a host name has up to 253. */
const NAME = /^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,252}$/;
/** distribution/reference: host and port, path, tag, digest. */
const IMAGE = /^[a-zA-Z0-9][a-zA-Z0-9_.:/@+-]{0,511}$/;
const UID = /^[0-9a-f-]{12,64}$/;

type Facts = { -readonly [Field in keyof ContainerFacts]: ContainerFacts[Field] };

const textLike = (value: unknown, form: RegExp) => (typeof value === 'string' && form.test(value) ? value : undefined);

function factsOf(values: { readonly [Field in keyof ContainerFacts]: unknown }): ContainerFacts {
  const facts: Facts = {};
  const take = (field: keyof Facts, form: RegExp) => {
    const value = textLike(values[field], form);
    if (value !== undefined) facts[field] = value;
  };
  for (const field of ['name', 'compose', 'pod', 'podNamespace'] as const) take(field, NAME);
  take('image', IMAGE);
  take('podUid', UID);
  return facts;
}

function at(value: unknown, ...path: readonly string[]): unknown {
  let here = value;
  for (const field of path) {
    if (typeof here !== 'object' || here === null || !Object.hasOwn(here, field)) return undefined;
    here = Reflect.get(here, field);
  }
  return here;
}

/** config.v2.json of docker: `Name` begins with a slash; labels of compose and of cri-dockerd. */
export function parseDockerRecord(record: unknown): ContainerFacts {
  const name = at(record, 'Name');
  const label = (key: string) => at(record, 'Config', 'Labels', key);
  return factsOf({
    name: typeof name === 'string' ? name.replace(/^\//, '') : undefined,
    image: at(record, 'Config', 'Image'),
    compose: label('com.docker.compose.project'),
    pod: label('io.kubernetes.pod.name'),
    podNamespace: label('io.kubernetes.pod.namespace'),
    podUid: label('io.kubernetes.pod.uid'),
  });
}

/**
 * Annotations of an OCI bundle (config.json): containerd's CRI (pkg/cri/annotations), CRI-O and kubelet (io.kubernetes.*), nerdctl
 * (pkg/labels).
 */
export function parseBundle(bundle: unknown): ContainerFacts {
  const annotation = (...keys: readonly string[]) =>
    keys.map((key) => at(bundle, 'annotations', key)).find((value) => value !== undefined);
  return factsOf({
    name: annotation('io.kubernetes.cri.container-name', 'io.kubernetes.container.name', 'nerdctl/name'),
    image: annotation('io.kubernetes.cri.image-name', 'io.kubernetes.cri-o.ImageName', 'nerdctl/image-name'),
    compose: annotation('com.docker.compose.project'),
    pod: annotation('io.kubernetes.cri.sandbox-name', 'io.kubernetes.pod.name'),
    podNamespace: annotation('io.kubernetes.cri.sandbox-namespace', 'io.kubernetes.pod.namespace'),
    podUid: annotation('io.kubernetes.cri.sandbox-uid', 'io.kubernetes.pod.uid'),
  });
}

/**
 * containers.json of containers/storage, which podman and CRI-O share: by whole id. `metadata` is JSON in text (podman: libpod/runtime_img;
 * CRI-O: internal/storage RuntimeContainerMetadata).
 */
export function parseStorageList(list: unknown): ReadonlyMap<string, ContainerFacts> {
  const found = new Map<string, ContainerFacts>();
  for (const entry of Array.isArray(list) ? list : []) {
    const id = textLike(at(entry, 'id'), /^[0-9a-f]{64}$/);
    const text = at(entry, 'metadata');
    if (id === undefined) continue;
    const metadata = typeof text === 'string' ? parseJson(text) : undefined;
    const isOfPod = typeof at(metadata, 'pod-name') === 'string';
    found.set(
      id,
      factsOf({
        name: isOfPod ? at(metadata, 'metadata-name') : (at(metadata, 'name') ?? at(entry, 'names', '0')),
        image: at(metadata, 'image-name'),
        pod: kubernetesName(at(metadata, 'pod-name')) ?? undefined,
        podNamespace: at(metadata, 'namespace'),
        podUid: at(metadata, 'uid'),
      }),
    );
  }
  return found;
}

/** CRI-O calls the pod `k8s_NAME_NAMESPACE_UID_ATTEMPT`. */
const kubernetesName = (name: unknown) =>
  typeof name === 'string' ? (/^k8s_([^_]+)_[^_]+_[^_]+_\d+$/.exec(name)?.[1] ?? name) : undefined;

/** Absent for what is no JSON: it may be being written. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // SyntaxError
  }
}

/** A link in /var/log/containers, which kubelet makes for whatever runtime: `POD_NAMESPACE_CONTAINER-ID.log`. */
export function parseLogName(name: string): { readonly id: string; readonly facts: ContainerFacts } | undefined {
  const [, pod, podNamespace, container, id] = /^([^_]+)_([^_]+)_([^_]+)-([0-9a-f]{64})\.log$/.exec(name) ?? [];
  return id === undefined ? undefined : { id, facts: factsOf({ name: container, pod, podNamespace }) };
}

/** A folder in /var/log/pods: `NAMESPACE_POD_UID`. */
export function parsePodFolder(name: string): { readonly uid: string; readonly facts: ContainerFacts } | undefined {
  const [, podNamespace, pod, uid] = /^([^_]+)_([^_]+)_([0-9a-f-]{32,36})$/.exec(name) ?? [];
  return uid === undefined ? undefined : { uid, facts: factsOf({ pod, podNamespace }) };
}
