// How the runtimes name the control group of a container, as their public sources and manuals have it (none of these was captured).
const UID = (at: number) => `8d6ae2f5-1fd5-4b1c-9e0e-${at.toString(16).padStart(12, '0')}`;
const slice = (at: number) => UID(at).replaceAll('-', '_');
const v1 = (path: string) => `12:pids:${path}\n11:memory:${path}\n1:name=systemd:${path}\n0::/\n`;
const v2 = (path: string) => `0::${path}\n`;

export interface CgroupForm {
  readonly runtime: string;
  readonly form: string;
  /** The text of /proc/PID/cgroup of a process in container `id`, the `at`-th of its kind. */
  readonly text: (at: number, id: string) => string;
  readonly podUid?: (at: number) => string;
}

export const CGROUP_FORMS: readonly CgroupForm[] = [
  // moby daemon/oci_linux.go: WithCgroups; with systemd `slice:docker:id`, which libcontainer makes a scope of.
  { runtime: 'docker', form: 'cgroupfs', text: (_, id) => v1(`/docker/${id}`) },
  { runtime: 'docker', form: 'version 1 with systemd', text: (_, id) => v1(`/system.slice/docker-${id}.scope`) },
  { runtime: 'docker', form: 'version 2 with systemd', text: (_, id) => v2(`/system.slice/docker-${id}.scope`) },
  {
    runtime: 'docker',
    form: 'rootless',
    text: (_, id) => v2(`/user.slice/user-1000.slice/user@1000.service/user.slice/docker-${id}.scope`),
  },
  {
    runtime: 'docker',
    form: 'Kubernetes (cri-dockerd)',
    text: (at, id) =>
      v2(`/kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-pod${slice(at)}.slice/docker-${id}.scope`),
    podUid: UID,
  },
  // amazon-ecs-agent agent/taskresource/cgroup: /ecs/TASK/CONTAINER; with version 2 a slice for each task.
  { runtime: 'docker', form: 'ECS', text: (at, id) => v1(`/ecs/${UID(at).replaceAll('-', '')}/${id}`) },
  {
    runtime: 'docker',
    form: 'ECS, version 2',
    text: (at, id) => v2(`/ecstasks.slice/ecstasks-${UID(at).replaceAll('-', '')}.slice/docker-${id}.scope`),
  },
  // podman libpod/container_internal_linux.go and oci_conmon_linux.go; --cgroups=split: libpod-payload.
  { runtime: 'podman', form: 'version 2', text: (_, id) => v2(`/machine.slice/libpod-${id}.scope/container`) },
  { runtime: 'podman', form: 'version 1', text: (_, id) => v1(`/machine.slice/libpod-${id}.scope`) },
  {
    runtime: 'podman',
    form: 'rootless',
    text: (_, id) => v2(`/user.slice/user-1000.slice/user@1000.service/user.slice/libpod-${id}.scope/container`),
  },
  { runtime: 'podman', form: 'cgroupfs', text: (_, id) => v1(`/libpod_parent/libpod-${id}`) },
  { runtime: 'podman', form: 'split', text: (_, id) => v2(`/system.slice/web.service/libpod-payload-${id}`) },
  {
    runtime: 'podman',
    form: 'in a pod',
    text: (at, id) =>
      v2(`/machine.slice/machine-libpod_pod_${at.toString(16).padStart(64, '0')}.slice/libpod-${id}.scope`),
    podUid: (at) => at.toString(16).padStart(64, '0').slice(0, 12),
  },
  // kubelet pkg/kubelet/cm: pod slices by quality of service; containerd internal/cri/server: cri-containerd.
  {
    runtime: 'containerd',
    form: 'Kubernetes, burstable',
    text: (at, id) =>
      v2(
        `/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod${slice(at)}.slice/cri-containerd-${id}.scope`,
      ),
    podUid: UID,
  },
  {
    runtime: 'containerd',
    form: 'systemd driver of one, cgroupfs of the other',
    text: (at, id) =>
      v2(`/system.slice/containerd.service/kubepods-burstable-pod${slice(at)}.slice:cri-containerd:${id}`),
    podUid: UID,
  },
  {
    runtime: 'crio',
    form: 'Kubernetes, guaranteed',
    text: (at, id) => v2(`/kubepods.slice/kubepods-pod${slice(at)}.slice/crio-${id}.scope`),
    podUid: UID,
  },
  {
    runtime: 'crio',
    form: 'inside its scope',
    text: (at, id) => v2(`/kubepods.slice/kubepods-pod${slice(at)}.slice/crio-${id}.scope/container`),
    podUid: UID,
  },
  {
    runtime: 'kubernetes',
    form: 'cgroupfs, burstable',
    text: (at, id) => v1(`/kubepods/burstable/pod${UID(at)}/${id}`),
    podUid: UID,
  },
  {
    runtime: 'kubernetes',
    form: 'cgroupfs, guaranteed, version 2',
    text: (at, id) => v2(`/kubepods/pod${UID(at)}/${id}`),
    podUid: UID,
  },
  {
    runtime: 'kubernetes',
    form: 'a pod of a file on the node',
    text: (at, id) => v2(`/kubepods/pod${at.toString(16).padStart(32, '0')}/${id}`),
    podUid: (at) => at.toString(16).padStart(32, '0'),
  },
  // nerdctl pkg/cmd/container/run_cgroup_linux.go: `slice:nerdctl:id`, else /NAMESPACE/id.
  { runtime: 'nerdctl', form: 'with systemd', text: (_, id) => v2(`/system.slice/nerdctl-${id}.scope`) },
  { runtime: 'nerdctl', form: 'cgroupfs', text: (_, id) => v1(`/default/${id}`) },
];
