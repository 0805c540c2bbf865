// What a row of the object table can be: an object, a group of the tree, or a holder below its object.
import type { Holder, ShmObject } from '../../probe/model/object.ts';
import type { Totals } from '../../probe/model/totals.ts';

export interface ObjectRow {
  readonly kind: 'object';
  readonly id: string;
  readonly object: ShmObject;
  /** Levels of the tree above it. */
  readonly depth: number;
  /** In the tree: are its holders shown? */
  readonly isOpen: boolean;
}

export interface GroupRow {
  readonly kind: 'group';
  readonly id: string;
  /** Escaped. */
  readonly label: string;
  readonly totals: Totals;
  readonly isOpen: boolean;
}

export interface HolderRow {
  readonly kind: 'holder';
  readonly id: string;
  readonly holder: Holder;
  readonly object: ShmObject;
  readonly depth: number;
}

export type Row = ObjectRow | GroupRow | HolderRow;
