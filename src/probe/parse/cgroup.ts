// /proc/PID/cgroup: the container a process runs in, by the path that its runtime gave it (cgroups(7)).
import type { Container } from '../model/object.ts';

const RUNTIMES: readonly (readonly [RegExp, string])[] = [
  [/(?:^|\/)docker-([0-9a-f]{64})\.scope/, 'docker'],
  [/\/docker\/([0-9a-f]{64})/, 'docker'],
  [/(?:^|\/)cri-containerd-([0-9a-f]{64})\.scope/, 'containerd'],
  [/(?:^|\/)crio-([0-9a-f]{64})/, 'crio'],
  [/(?:^|\/)libpod-([0-9a-f]{64})/, 'podman'],
  [/\/lxc(?:\/|\.payload[./])([^/\s]+)/, 'lxc'],
  [/(?:^|\/)machine-(?!qemu\\x2d)([^/\s]+)\.scope/, 'nspawn'],
  [/(?:^|\/)systemd-nspawn@([^/\s]+)\.service/, 'nspawn'],
  [/\/kubepods[^\s]*\/([0-9a-f]{64})/, 'kubernetes'],
];

/** The container that the cgroup text names, or undefined for a process of the host. Names of lxc and nspawn are their ids. */
export function parseContainer(text: string): Container | undefined {
  for (const [pattern, runtime] of RUNTIMES) {
    const id = pattern.exec(text)?.[1];
    if (id === undefined) continue;
    if (/^[0-9a-f]{64}$/.test(id)) return { id: id.slice(0, 12), runtime };
    const name = runtime === 'nspawn' ? unescapeUnit(id) : id;
    return { id: name, name, runtime };
  }
  return undefined;
}

/** systemd.unit(5): `\x2d` stands for a character that a unit name cannot hold. */
function unescapeUnit(name: string): string {
  return name.replace(/\\x([0-9a-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}
