// Containers, pods, units and jobs in words: names that others chose, escaped, with whose word they are where that is not root's.
import { type Container, type Holder, UNKNOWN_USER } from '../../probe/model/object.ts';
import { safeText } from './safe-text.ts';

const SHORT_ID = 12;

/** `web`; `1000/web` where user 1000 named it, `?/web` where nobody can tell who did. */
export function formatContainer({ id, name, uid }: Container): string {
  const shown = safeText(name ?? id.slice(0, SHORT_ID));
  return uid === undefined ? shown : `${uid === UNKNOWN_USER ? '?' : uid}/${shown}`;
}

/** `shop/web-0`, or its uid while no record tells what it is called; undefined for no pod. */
export function formatPod({ pod, podNamespace, podUid }: Container): string | undefined {
  if (pod === undefined) return podUid === undefined ? undefined : safeText(podUid);
  return podNamespace === undefined ? safeText(pod) : `${safeText(podNamespace)}/${safeText(pod)}`;
}

/** `container web (docker, image nginx, project shop)`. */
export function describeContainer(container: Container): string {
  const { runtime, image, compose, within } = container;
  const pod = formatPod(container);
  const facts = [
    runtime,
    image === undefined ? undefined : `image ${image}`,
    compose === undefined ? undefined : `project ${compose}`,
    pod === undefined || runtime === 'pod' ? undefined : `pod ${pod}`,
    within === undefined ? undefined : `inside ${within}`,
  ];
  const known = facts.filter((fact) => fact !== undefined).map(safeText);
  return `${runtime === 'pod' ? 'pod' : 'container'} ${runtime === 'pod' ? pod : formatContainer(container)} (${known.join(', ')})`;
}

type Whose = 'unit' | 'job';

/** The one of all holders where they agree, else the first and how many more: `a.service +1`; undefined where no holder has one. */
export function formatOfHolders(holders: readonly Holder[], of: Whose): string | undefined {
  const found = [...new Set(holders.flatMap((holder) => holder[of] ?? []))];
  const [first] = found;
  if (first === undefined) return undefined;
  return found.length === 1 ? safeText(first) : `${safeText(first)} +${found.length - 1}`;
}
