// Evidence that counts seconds, brought up to the moment that is shown: the thread does not send an object again only because
// a second went by.
import { idleSeconds, type ShmObject } from '../../probe/model/object.ts';

/** The same object where nothing in its evidence ages. */
export function withFreshEvidence(object: ShmObject, nowSec: number): ShmObject {
  const { evidence } = object.verdict;
  if (!evidence.some(({ code }) => code === 'too-young')) return object;
  const idle = Math.max(0, Math.floor(idleSeconds(object, nowSec) ?? 0));
  const fresh = evidence.map((item) => (item.code === 'too-young' ? { ...item, seconds: idle } : item));
  return { ...object, verdict: { ...object.verdict, evidence: fresh } };
}
