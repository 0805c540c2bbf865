// The FILTER words for whose something is: container, pod, image, compose project, unit, batch job; the same of objects and processes.
import type { Container, Holder } from '../probe/model/object.ts';
import { formatContainer, formatPod } from '../ui/format/container-text.ts';
import { safeText } from '../ui/format/safe-text.ts';

/** What has a place: an object, a holder, who did something. */
export type Whose = Partial<Pick<Holder, 'container' | 'unit' | 'job'>>;

interface WhoseField {
  readonly id: string;
  readonly kind: 'part' | 'whole';
  readonly needsUnits?: boolean;
  readonly values: (parts: readonly Whose[]) => readonly string[];
}

const shown = (values: readonly (string | undefined)[]) => values.flatMap((value) => value ?? []);
const safe = (text: string | undefined) => (text === undefined ? undefined : safeText(text));
const ofContainers = (parts: readonly Whose[], read: (container: Container) => readonly (string | undefined)[]) =>
  parts.flatMap(({ container }) => (container ? shown(read(container)) : []));

/** As it is shown. */
export const shownContainer = (container: Container): readonly string[] =>
  shown([safeText(container.id), safe(container.name), formatContainer(container), container.runtime]);

export const WHOSE_FIELDS: readonly WhoseField[] = [
  { id: 'container', kind: 'part', values: (parts) => ofContainers(parts, shownContainer) },
  {
    id: 'pod',
    kind: 'part',
    values: (parts) => ofContainers(parts, (container) => [safe(container.podUid), formatPod(container)]),
  },
  { id: 'image', kind: 'part', values: (parts) => ofContainers(parts, ({ image }) => [safe(image)]) },
  { id: 'compose', kind: 'whole', values: (parts) => ofContainers(parts, ({ compose }) => [safe(compose)]) },
  { id: 'unit', kind: 'part', needsUnits: true, values: (parts) => shown(parts.map(({ unit }) => safe(unit))) },
  {
    id: 'job',
    kind: 'whole',
    needsUnits: true,
    // With its scheduler or without.
    values: (parts) =>
      parts.flatMap(({ job }) => (job === undefined ? [] : [safeText(job), safeText(job.replace(/^\w+:/, ''))])),
  },
];
