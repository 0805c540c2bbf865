// An item by an index that was counted from the list: there, or a bug that says so.
import { expect, it } from 'vitest';
import { itemAt } from '../../../src/probe/model/item-at.ts';

it('gives what stands there, whatever it is, and throws beside the list', () => {
  expect([0, '', false].map((_, at) => itemAt([0, '', false], at))).toEqual([0, '', false]);
  for (const at of [-1, 3, 0.5, Number.NaN]) expect(() => itemAt(['a', 'b', 'c'], at)).toThrow(RangeError);
});
