// Which names are worth a search of memory: those with a part that nobody has by chance.
import { expect, it } from 'vitest';
import { randomPart } from '../../../../src/probe/model/search/needle.ts';

it.each([
  ['/psm_6a16b91e', '6a16b91e'],
  ['/psm_deadbeef', 'deadbeef'],
  ['/sem.mp-0ahecp74', '0ahecp74'],
  ['/sem.mp-abcdefgh', 'abcdefgh'],
  ['/sem.mp-ab_de_gh', 'ab_de_gh'],
  ['/torch_111_2410981031_0', '2410981031'],
  ['/nccl-vzIpS6', 'vzIpS6'],
  ['/OrderBook2', undefined],
  ['/nccl-vzI9S6', 'vzI9S6'],
  ['/PostgreSQL.1287632224', '1287632224'],
  ['/jl004711AbCdEfGhIjKlMnOpQrSt', 'jl004711AbCdEfGhIjKlMnOpQrSt'],
  ['/snap.hotsos/psm_12ab34cd', '12ab34cd'],
  ['/frames', undefined],
  ['/ring0', undefined],
  ['/myapp-v2-config', undefined],
  ['/jack-0-0', undefined],
  ['/OrderBook', undefined],
  ['/20260131', undefined],
  ['/', undefined],
])('%s: %j', (name, part) => {
  expect(randomPart(name)).toBe(part);
});
