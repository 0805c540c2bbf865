// /proc/PID/cgroup of container runtimes, version 1 and 2, of units, pods and jobs, and of processes that run in no container.
import { describe, expect, test } from 'vitest';
import { containerKey, UNKNOWN_USER } from '../../../src/probe/model/object.ts';
import { type NamedBy, parsePlace } from '../../../src/probe/parse/cgroup.ts';
import { CGROUP_FORMS } from './cgroup-forms.ts';

const ID = '3f4c8a1b'.repeat(8);
const SHORT = ID.slice(0, 12);
const INNER = 'b'.repeat(64);
const POD = 'pod8d6ae2f5_1fd5_4b1c_9e0e_4a6e5f6b7c8d';
const POD_UID = '8d6ae2f5-1fd5-4b1c-9e0e-4a6e5f6b7c8d';
const v1 = (path: string) => `12:pids:${path}\n11:memory:${path}\n1:name=systemd:${path}\n0::/\n`;
const v2 = (path: string) => `0::${path}\n`;
const byRoot: NamedBy = () => 0;
const placeOf = (text: string) => parsePlace(text, byRoot);
const containerOf = (text: string) => placeOf(text).container;

describe('the container of a process', () => {
  test.each(CGROUP_FORMS)('$runtime ($form) has the first 12 digits as id', ({ runtime, text, podUid }) => {
    const expected = podUid === undefined ? {} : { podUid: podUid(7) };
    expect(containerOf(text(7, ID))).toEqual({ id: SHORT, runtime, ...expected });
  });

  test.each([
    ['lxc', 'version 1', v1('/lxc/web')],
    ['lxc', 'LXD', v1('/lxc.payload/web')],
    ['lxc', 'version 2', v2('/lxc.payload.web/system.slice/ssh.service')],
    ['lxc', 'Proxmox', v2('/lxc/web/ns/init.scope')],
    ['lxc', 'libvirt', v2('/machine.slice/machine-lxc\\x2d1234\\x2dweb.scope')],
    ['nspawn', 'its own scope', v2('/machine.slice/machine-web.scope/payload')],
    ['nspawn', 'the unit of machinectl', v2('/machine.slice/systemd-nspawn@web.service/payload')],
    ['flatpak', 'of an app', v2('/user.slice/user-1.slice/user@1.service/app.slice/app-flatpak-web-1234.scope')],
    ['snap', 'a service', v2('/system.slice/snap.web.daemon.service')],
    ['snap', 'an app', v2('/user.slice/user-1.slice/user@1.service/app.slice/snap.web.web-1d2c.scope')],
  ])('%s (%s) has its name as id', (runtime, _, text) => {
    expect(containerOf(text)).toEqual({ id: 'web', name: 'web', runtime });
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
    ['a path out of sight', v2(`/../docker/${ID}`)],
    ['nothing', ''],
    ['a short number', v2('/docker/3f4c8a1b')],
    ['a name that only begins like one', v2(`/system.slice/docker-${ID}.scope.wants`)],
    ['an id below nobody', v2(`/some/${ID}`)],
  ])('%s is no container', (_, text) => {
    expect(containerOf(text)).toBeUndefined();
  });

  test('systemd escapes in the name of a machine are undone', () => {
    expect(containerOf(v2('/machine.slice/machine-web\\x2done.scope'))).toMatchObject({
      id: 'web-one',
      runtime: 'nspawn',
    });
  });

  test.each([
    ['docker in docker', v1(`/docker/${ID}/docker/${INNER}`), 'docker', undefined],
    ['docker in docker, version 2', v2(`/system.slice/docker-${ID}.scope/docker/${INNER}`), 'docker', undefined],
    ['podman in lxc', v2(`/lxc.payload.web/machine.slice/libpod-${INNER}.scope/container`), 'podman', undefined],
    [
      'kind',
      v2(
        `/system.slice/docker-${ID}.scope/kubelet.slice/kubelet-kubepods.slice/kubelet-kubepods-besteffort.slice/kubelet-kubepods-besteffort-${POD}.slice/cri-containerd-${INNER}.scope`,
      ),
      'containerd',
      POD_UID,
    ],
    [
      'docker in a pod',
      v2(`/kubepods.slice/kubepods-${POD}.slice/cri-containerd-${ID}.scope/docker/${INNER}`),
      'docker',
      POD_UID,
    ],
  ])('of a container in a container it is the inner one (%s)', (_, text, runtime, podUid) => {
    const within = text.includes('lxc') ? 'web' : SHORT;
    const expected = { id: INNER.slice(0, 12), runtime, within };
    expect(containerOf(text)).toEqual(podUid === undefined ? expected : { ...expected, podUid });
  });
});

describe('a name that root did not give', () => {
  const USERS = '/user.slice/user-1000.slice/user@1000.service';
  const delegated: NamedBy = (_, path) => (path.startsWith(`${USERS}/`) ? 1000 : 0);
  const read = (path: string, text = v2(path)) => parsePlace(text, delegated);
  const roots = containerOf(v2(`/system.slice/docker-${ID}.scope`));

  test('is a container of that user, whatever he calls it, and never the one of root', () => {
    const his = read(`${USERS}/app.slice/docker-${ID}.scope`).container;
    expect(his).toEqual({ id: SHORT, runtime: 'docker', uid: 1000 });
    expect(his && containerKey(his)).not.toBe(roots && containerKey(roots));
  });

  test('is no pod of the machine and no job', () => {
    const place = read(`${USERS}/kubepods.slice/kubepods-${POD}.slice/crio-${ID}.scope`);
    expect(place.container).toMatchObject({ uid: 1000 });
    expect(read(`${USERS}/slurmstepd.scope/job_77/step_0`).job).toBeUndefined();
  });

  test('of a unit stands behind the manager that root started for him', () => {
    expect(read(`${USERS}/app.slice/postgresql.service`).unit).toBe('user@1000.service/postgresql.service');
    expect(read(USERS).unit).toBe('user@1000.service');
  });

  test('of whom nobody can tell is kept apart from root and from users', () => {
    const place = parsePlace(v2(`/system.slice/docker-${ID}.scope`), () => UNKNOWN_USER);
    expect(place.container?.uid).toBe(UNKNOWN_USER);
    expect(parsePlace(v2('/system.slice/ssh.service'), () => UNKNOWN_USER).unit).toBeUndefined();
  });

  test('inside the container of another one stays inside of it', () => {
    const outer = `/system.slice/docker-${INNER}.scope`;
    const faked = parsePlace(v2(`${outer}/docker-${ID}.scope`), byRoot).container;
    expect(faked && containerKey(faked)).not.toBe(roots && containerKey(roots));
  });
});

describe('the unit of a process', () => {
  test.each([
    ['a service', '/system.slice/ssh.service', 'ssh.service'],
    ['below a service', '/system.slice/web.service/workers/3', 'web.service'],
    ['a session', '/user.slice/user-1000.slice/session-3.scope', 'session-3.scope'],
    ['the manager itself', '/user.slice/user-1000.slice/user@1000.service/init.scope', 'user@1000.service'],
    ['podman within a unit', `/system.slice/web.service/libpod-payload-${ID}`, 'web.service'],
    ['a service of a machine', '/machine.slice/machine-web.scope/payload/system.slice/db.service', 'web/db.service'],
  ])('%s', (_, path, unit) => {
    expect(placeOf(v2(path)).unit).toBe(unit);
  });

  test.each([
    ['the scope of a container', `/system.slice/docker-${ID}.scope`],
    ['a slice', '/system.slice'],
    ['the first process', '/init.scope'],
  ])('%s is none', (_, path) => {
    expect(placeOf(v2(path)).unit).toBeUndefined();
  });
});

describe('the batch job of a process', () => {
  test.each([
    ['Slurm, version 1', v1('/slurm/uid_1000/job_123/step_0/task_0'), 'slurm:123'],
    ['Slurm, several daemons on a node', v1('/slurm_node1/uid_1000/job_123/step_batch'), 'slurm:123'],
    ['Slurm, version 2', v2('/system.slice/slurmstepd.scope/job_123/step_0/user/task_0'), 'slurm:123'],
    ['Slurm, with a node name', v2('/system.slice/node1_slurmstepd.scope/job_123/step_extern'), 'slurm:123'],
    ['PBS', v2('/pbs_jobs.service/jobid/123.server'), 'pbs:123.server'],
    ['LSF', v1('/lsf/cluster1/job.123.4567.1700000000'), 'lsf:123'],
    ['HTCondor', v1('/htcondor/condor_var_lib_condor_execute_slot1_2@node1'), 'htcondor:slot1_2'],
  ])('%s', (_, text, job) => {
    expect(placeOf(text).job).toBe(job);
  });

  test.each([
    ['a folder called like one', '/system.slice/ci.service/job_123'],
    ['a job without a number', '/slurm/uid_1000/job_x'],
    ['a container called like one', '/lxc/slurmy/job_7'],
  ])('%s is none', (_, path) => {
    expect(placeOf(v2(path)).job).toBeUndefined();
  });
});

test('of many hierarchies the one counts that names a container, first those of systemd', () => {
  const text = `9:name=systemd:/\n4:memory:/docker/${ID}\n3:cpuset:/\n0::/\n`;
  expect(containerOf(text)).toEqual({ id: SHORT, runtime: 'docker' });
  expect(placeOf('9:name=systemd:/system.slice/ssh.service\n4:memory:/elsewhere\n').unit).toBe('ssh.service');
});
