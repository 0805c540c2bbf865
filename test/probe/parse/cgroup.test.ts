// /proc/PID/cgroup of container runtimes, version 1 and 2, and of processes that run in no container.
import { describe, expect, test } from 'vitest';
import { parseContainer } from '../../../src/probe/parse/cgroup.ts';

const ID = '3f4c8a1b'.repeat(8);
const SHORT = ID.slice(0, 12);
const POD = 'pod8d6ae2f5_1fd5_4b1c_9e0e_4a6e5f6b7c8d';
const v1 = (path: string) => `12:pids:${path}\n11:memory:${path}\n1:name=systemd:${path}\n0::/\n`;
const v2 = (path: string) => `0::${path}\n`;

describe('the container of a process', () => {
  test.each([
    ['docker', 'version 1', v1(`/docker/${ID}`)],
    ['docker', 'version 1 with systemd', v1(`/system.slice/docker-${ID}.scope`)],
    ['docker', 'version 2 with systemd', v2(`/system.slice/docker-${ID}.scope`)],
    ['docker', 'rootless', v2(`/user.slice/user-1000.slice/user@1000.service/app.slice/docker-${ID}.scope`)],
    [
      'docker',
      'Kubernetes',
      v2(`/kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-${POD}.slice/docker-${ID}.scope`),
    ],
    ['podman', 'version 2', v2(`/machine.slice/libpod-${ID}.scope/container`)],
    ['podman', 'rootless', v2(`/user.slice/user-1000.slice/user@1000.service/user.slice/libpod-${ID}.scope/container`)],
    ['podman', 'cgroupfs', v1(`/libpod_parent/libpod-${ID}`)],
    [
      'containerd',
      'Kubernetes',
      v2(`/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-${POD}.slice/cri-containerd-${ID}.scope`),
    ],
    ['crio', 'Kubernetes', v2(`/kubepods.slice/kubepods-${POD}.slice/crio-${ID}.scope`)],
    ['crio', 'inside its scope', v2(`/kubepods.slice/kubepods-${POD}.slice/crio-${ID}.scope/container`)],
    ['kubernetes', 'cgroupfs', v1(`/kubepods/burstable/${POD}/${ID}`)],
    ['kubernetes', 'guaranteed, version 2', v2(`/kubepods/${POD}/${ID}`)],
  ])('%s (%s) has the first 12 digits as id', (runtime, _, text) => {
    expect(parseContainer(text)).toEqual({ id: SHORT, runtime });
  });

  test.each([
    ['lxc', 'version 1', v1('/lxc/web')],
    ['lxc', 'LXD', v1('/lxc.payload/web')],
    ['lxc', 'version 2', v2('/lxc.payload.web/system.slice/ssh.service')],
    ['lxc', 'Proxmox', v2('/lxc/web/ns/init.scope')],
    ['nspawn', 'its own scope', v2('/machine.slice/machine-web.scope/payload')],
    ['nspawn', 'the unit of machinectl', v2('/machine.slice/systemd-nspawn@web.service/payload')],
  ])('%s (%s) has its name as id', (runtime, _, text) => {
    expect(parseContainer(text)).toEqual({ id: 'web', name: 'web', runtime });
  });

  test.each([
    ['the root', v2('/')],
    ['a service', v2('/system.slice/ssh.service')],
    ['the docker daemon itself', v2('/system.slice/docker.service')],
    ['a login', v2('/user.slice/user-1000.slice/session-3.scope')],
    ['the monitor of podman', v2(`/machine.slice/libpod-conmon-${ID}.scope`)],
    ['the monitor of CRI-O', v2(`/kubepods.slice/kubepods-${POD}.slice/crio-conmon-${ID}.scope`)],
    ['the monitor of lxc', v2('/lxc.monitor.web')],
    ['the monitors of LXD', v1('/lxc.monitor/web')],
    ['a virtual machine of libvirt', v2('/machine.slice/machine-qemu\\x2d1\\x2dweb.scope/libvirt/emulator')],
    ['a cgroup namespace, which hides the path', v1('/')],
    ['nothing', ''],
    ['a short number', v2('/docker/3f4c8a1b')],
  ])('%s is no container', (_, text) => {
    expect(parseContainer(text)).toBeUndefined();
  });

  test('systemd escapes in the name of a machine are undone', () => {
    expect(parseContainer(v2('/machine.slice/machine-web\\x2done.scope'))).toMatchObject({
      id: 'web-one',
      runtime: 'nspawn',
    });
  });

  test('a container in a container is called by one of the two', () => {
    const inner = 'b'.repeat(64);
    expect([SHORT, inner.slice(0, 12)]).toContain(parseContainer(v1(`/docker/${ID}/docker/${inner}`))?.id);
  });
});
