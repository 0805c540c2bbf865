// The one line of a monitoring plug-in: status, words, performance data. Monitoring systems put it into shells, mails and pages, so
// nothing gets into it that means something there.
import type { ShmObject } from '../../probe/model/object.ts';
import { spellRange } from './range.ts';
import type { Status, Thresholds } from './status.ts';

/** One value of the performance data. */
export interface Perf {
  readonly label: string;
  readonly value: number;
  readonly unit: '' | '%' | 'B';
  readonly thresholds?: Thresholds;
  readonly max?: number;
}

/** Ends with a newline. */
export function pluginLine(status: Status, words: string, perfs: readonly Perf[] = []): string {
  const data = perfs.length === 0 ? '' : ` | ${perfs.map(spellPerf).join(' ')}`;
  return `SHMTOP ${status} - ${plain(words)}${data}\n`;
}

/** Letters, digits and what neither a shell, nor printf(1) %b, nor HTML, nor the line itself takes for its own. */
const plain = (text: string) => text.replace(/["']/g, '').replace(/[^\w .,:;/()%@+=-]+/g, '?');

/** `'label'=value[UOM];[warn];[crit];[min];[max]`; a quote in a label is doubled. */
function spellPerf({ label, value, unit, thresholds = {}, max }: Perf): string {
  const { warning, critical } = thresholds;
  const name = /^[\w.]+$/.test(label) ? label : `'${plain(label).replaceAll('=', '?')}'`;
  // The lowest value is 0 and always said, so that nothing of it ends in empty parts but the highest.
  const tail = [
    warning && spellRange(warning),
    critical && spellRange(critical),
    0,
    ...(max === undefined ? [] : [max]),
  ];
  return `${name}=${value}${unit}${tail.map((part) => `;${part ?? ''}`).join('')}`;
}

const MOST_NAMED = 3;
const LONGEST_NAME = 80;

/** `sysv:5, posix:/x and 4 more`; a name with anything odd in it is told by its device and inode, which `shmtop show` takes too. */
export function spellIds(objects: readonly ShmObject[]): string {
  const named = objects.slice(0, MOST_NAMED).map(({ shortId, id }) => (isPlain(shortId) ? shortId : id));
  const more = objects.length - named.length;
  return named.join(', ') + (more > 0 ? ` and ${more} more` : '');
}

const isPlain = (id: string) => id.length <= LONGEST_NAME && /^[\w.:/@+-]+$/.test(id);
