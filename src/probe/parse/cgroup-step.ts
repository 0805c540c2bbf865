// One step of a control group's path: what container, pod or batch job whoever made it named it after.
import { type ByteString, textOfBytes } from '../model/bytes.ts';

/** What a step says; whoever may make control groups may say it too. */
export interface ContainerStep {
  readonly id: string;
  readonly name?: string;
  readonly runtime: string;
}

const HEX = '([0-9a-f]{64})';

/**
 * How runtimes name the group of a container by its id: docker and cri-dockerd, nerdctl, containerd's and CRI-O's CRI (also where their
 * driver is given a slice and writes no unit), podman (its own group, and `split` within a unit).
 */
const BY_ID: readonly (readonly [RegExp, string])[] = [
  [new RegExp(`^docker-${HEX}\\.scope$`), 'docker'],
  [new RegExp(`^cri-containerd-${HEX}\\.scope$`), 'containerd'],
  [new RegExp(`^crio-${HEX}(?:\\.scope)?$`), 'crio'],
  [new RegExp(`^libpod-(?:payload-)?${HEX}(?:\\.scope)?$`), 'podman'],
  [new RegExp(`^nerdctl-${HEX}\\.scope$`), 'nerdctl'],
  [new RegExp(`:docker:${HEX}$`), 'docker'],
  [new RegExp(`:cri-containerd:${HEX}$`), 'containerd'],
  [new RegExp(`:crio:${HEX}$`), 'crio'],
  [new RegExp(`:nerdctl:${HEX}$`), 'nerdctl'],
];

const ONLY_HEX = new RegExp(`^${HEX}$`);
/** The step above a bare id; `default` is the namespace of containerd that nerdctl uses. */
const PARENTS: Readonly<Record<string, string>> = { docker: 'docker', actions_job: 'docker', default: 'nerdctl' };
/** Also where kind runs it, in a slice of its own. Of the bytes of a name a blank, 0xa0 and 0x85 are part as any other. */
const KUBERNETES = /^(?:kubelet-)?kubepods/;

/** By name, as it is after `unescapeUnit` where a unit carries it. */
const BY_NAME: readonly (readonly [RegExp, string])[] = [
  [/^lxc\.payload\.(.+)$/s, 'lxc'],
  [/^machine-lxc\\x2d\d+\\x2d(.+)\.scope$/s, 'lxc'],
  [/^machine-(?!qemu\\x2d)(.+)\.scope$/s, 'nspawn'],
  [/^systemd-nspawn@(.+)\.service$/s, 'nspawn'],
  [/^(?:app-)?flatpak-(.+)-\d+\.scope$/s, 'flatpak'],
  [/^snap\.([a-z0-9_-]+)\..+\.(?:scope|service)$/s, 'snap'],
];

/** The characters of an id that are shown, as docker ps and its like do. */
const SHORT = 12;

/** The container that step `at` of a path is of, if it is of one. */
export function containerStep(steps: readonly ByteString[], at: number): ContainerStep | undefined {
  const step = steps[at] ?? '';
  for (const [pattern, runtime] of BY_ID) {
    const id = pattern.exec(step)?.[1];
    if (id !== undefined) return { id: id.slice(0, SHORT), runtime };
  }
  const parent = steps[at - 1] ?? '';
  if (ONLY_HEX.test(step)) {
    const runtime = Object.hasOwn(PARENTS, parent) ? PARENTS[parent] : steps[at - 2] === 'ecs' ? 'docker' : undefined;
    const isOfPod = runtime === undefined && steps.slice(0, at).some((each) => KUBERNETES.test(each));
    if (runtime !== undefined || isOfPod) return { id: step.slice(0, SHORT), runtime: runtime ?? 'kubernetes' };
  }
  if (step !== '' && (parent === 'lxc' || parent === 'lxc.payload')) return named(step, 'lxc');
  for (const [pattern, runtime] of BY_NAME) {
    const name = pattern.exec(step)?.[1];
    if (name !== undefined) return named(unescapeUnit(name), runtime);
  }
  return undefined;
}

function named(raw: ByteString, runtime: string): ContainerStep {
  const name = textOfBytes(raw);
  return { id: name, name, runtime };
}

/** Of kubelet: with `_` for `-` in a slice; 32 digits for a pod of a file on the node. Of podman: an id. */
const POD =
  /(?:^|[-_])pod(?:_([0-9a-f]{64})|([0-9a-f]{8}(?:[_-][0-9a-f]{4}){3}[_-][0-9a-f]{12}|[0-9a-f]{32}))(?:\.slice|$|:)/;

/** The uid of the pod that a step is of (podman: the first digits of its id). */
export function podStep(step: ByteString): string | undefined {
  const [, podman, kubernetes] = POD.exec(step) ?? [];
  return podman?.slice(0, SHORT) ?? kubernetes?.replaceAll('_', '-');
}

/** `slurm:123`. The step of the job itself; where the number alone would say too little, with who runs it above. */
export function jobStep(steps: readonly ByteString[], at: number): string | undefined {
  const step = steps[at] ?? '';
  const isBelow = (pattern: RegExp) => steps.slice(0, at).some((each) => pattern.test(each));
  const slurm = /^job_(\d{1,20})$/.exec(step)?.[1];
  if (slurm !== undefined && isBelow(/(?:^|_)slurm(?:stepd)?(?:_|\.scope$|$)/)) return `slurm:${slurm}`;
  const pbs = /^(?:pbs_jobs-)?(\d{1,20}(?:\[\d*\])?\.[\w.-]{1,200}?)(?:\.slice)?$/.exec(step)?.[1];
  if (pbs !== undefined && isBelow(/^pbs(?:_jobs|pro)?(?:\.service|\.slice)?$/)) return `pbs:${pbs}`;
  const lsf = /^job\.(\d{1,20})\./.exec(step)?.[1];
  if (lsf !== undefined && isBelow(/^lsf$/)) return `lsf:${lsf}`;
  const condor = /^condor_.*_(slot[\w-]{1,60})(?:@|$)/s.exec(step)?.[1];
  return condor !== undefined && isBelow(/^htcondor$/) ? `htcondor:${condor}` : undefined;
}

/** systemd.unit(5): `\x2d` stands for a character that a unit name cannot hold. */
function unescapeUnit(name: ByteString): ByteString {
  return name.replace(/\\x([0-9a-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}
