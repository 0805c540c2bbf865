// The pools of huge pages of the machine: /sys/kernel/mm/hugepages (hugetlbpage.rst).
import type { HugePool } from '../model/account/account.ts';
import { type Io, readText } from './io.ts';

const HUGEPAGES = '/sys/kernel/mm/hugepages';

/** Ascending by page size; those that never had a page are left out. Empty where /sys is not mounted. */
export function readHugePools(io: Io, root: string = HUGEPAGES): HugePool[] {
  const names = io.readDir(root);
  if (typeof names === 'number') return [];
  return names
    .flatMap((name): HugePool[] => {
      const pageBytes = Number(/^hugepages-(\d{1,12})kB$/.exec(name)?.[1]) * 1024;
      const numberIn = (file: string) => {
        const text = readText(io, `${root}/${name}/${file}`);
        return typeof text === 'number' || !/^\d+\n?$/.test(text) ? 0 : Number(text);
      };
      const pages = numberIn('nr_hugepages');
      if (!(pageBytes > 0) || pages === 0) return [];
      const free = numberIn('free_hugepages');
      return [{ pageBytes, pages, free, reserved: numberIn('resv_hugepages'), surplus: numberIn('surplus_hugepages') }];
    })
    .sort((a, b) => a.pageBytes - b.pageBytes);
}
