// What a run of the tour came to, in a line.
import type { TourRun } from '../../load/model/tour.ts';
import { spellRates, spellTruth } from './load-words.ts';

/** `futex: 16.4 M messages/s, 16.8 GB/s; 9.8 M messages, every byte of 0.6 M: nothing torn, lost or reordered` */
export function spellRun({ label, meter }: TourRun): string {
  const { total, truth, setup } = meter;
  const rates = total ? `${spellRates(total)}; ` : '';
  return `${label}: ${setup.sync === 'none' ? '' : rates}${spellTruth(truth, setup.verify)[0]}`;
}
