// When the parts of an object are the same: makers, holders, containers, software, verdicts.
import type { Evidence } from './judge/evidence.ts';
import type { Container, Holder, Maker, Mapping, SoftwareMatch, Verdict } from './object.ts';
import { sameList, sameRecord } from './same.ts';

export const isSameContainer = sameRecord<Container>({
  id: 'value',
  name: 'value',
  runtime: 'value',
  uid: 'value',
  within: 'value',
  image: 'value',
  compose: 'value',
  podUid: 'value',
  pod: 'value',
  podNamespace: 'value',
});

export const isSameMaker = sameRecord<Maker>({ pid: 'value', state: 'value', comm: 'value' });

export const isSameSoftware = sameRecord<SoftwareMatch>({
  name: 'value',
  role: 'value',
  outlives: 'value',
  removalBreaks: 'value',
  cleanup: 'value',
  source: 'value',
});

const isSameMapping = sameRecord<Mapping>({ start: 'value', end: 'value', perms: 'value' });

export const isSameHolder = sameRecord<Holder>({
  pid: 'value',
  startTicks: 'value',
  comm: 'value',
  uid: 'value',
  user: 'value',
  ipcNamespace: 'value',
  mappings: sameList(isSameMapping),
  fds: sameList('value'),
  container: isSameContainer,
  unit: 'value',
  job: 'value',
});

const isSameEvidence = sameRecord<Evidence>({
  code: 'value',
  pid: 'value',
  count: 'value',
  // Only "used n seconds ago" counts seconds: 30,000 young segments are not new each second.
  seconds: (a, b, { code }) => a === b || code === 'too-young' || code === 'ended-lately',
  limitSeconds: 'value',
  comm: 'value',
  software: 'value',
  detail: 'value',
});

export const isSameVerdict = sameRecord<Verdict>({ state: 'value', evidence: sameList(isSameEvidence) });
