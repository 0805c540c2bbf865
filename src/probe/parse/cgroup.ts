// /proc/PID/cgroup: the container a process runs in, by the path that its runtime gave it (cgroups(7)).
import type { Container } from '../model/object.ts';

const RUNTIMES: readonly (readonly [RegExp, string])[] = [
  [/(?:^|\/)docker-([0-9a-f]{64})\.scope/, 'docker'],
  [/\/docker\/([0-9a-f]{64})/, 'docker'],
  [/(?:^|\/)cri-containerd-([0-9a-f]{64})\.scope/, 'containerd'],
  [/(?:^|\/)crio-(?:conmon-)?([0-9a-f]{64})/, 'crio'],
  [/(?:^|\/)libpod-([0-9a-f]{64})/, 'podman'],
  [/\/lxc(?:\.payload)?[./]([^/\s]+)/, 'lxc'],
  [/(?:^|\/)machine-([^/\s]+)\.scope/, 'nspawn'],
  [/\/kubepods[^\s]*\/([0-9a-f]{64})/, 'kubernetes'],
];

/** The container that the cgroup text names, or undefined for a process of the host. Names of lxc and nspawn are their ids. */
export function parseContainer(text: string): Container | undefined {
  for (const [pattern, runtime] of RUNTIMES) {
    const id = pattern.exec(text)?.[1];
    if (id === undefined) continue;
    return /^[0-9a-f]{64}$/.test(id) ? { id: id.slice(0, 12), runtime } : { id, name: id, runtime };
  }
  return undefined;
}
