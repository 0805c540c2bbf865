// Lets others see what the sources of a watch see: each observation is told to whoever listens, before it is merged.
import type { LiveTap, ShareRings } from '../model/event/live-session.ts';
import type { Observation } from '../model/event/observation.ts';
import type { DeviceNumber } from '../model/join/mapping-record.ts';

export interface TapOptions {
  readonly has: (source: string) => boolean;
  readonly drain: () => void;
  readonly share: ShareRings;
  /** Of which perf tells; more are put into them. */
  readonly devices: Set<DeviceNumber>;
  readonly privateDevices: Set<DeviceNumber>;
}

export class SourceTap implements LiveTap {
  readonly has: (source: string) => boolean;
  readonly drain: () => void;
  readonly share: ShareRings;
  readonly #options: TapOptions;
  readonly #listeners = new Set<(seen: Observation) => void>();

  constructor(options: TapOptions) {
    this.#options = options;
    this.has = options.has;
    this.drain = options.drain;
    this.share = options.share;
  }

  readonly tell = (seen: Observation): void => {
    for (const listener of this.#listeners) listener(seen);
  };

  readonly listen = (see: (seen: Observation) => void): (() => void) => {
    this.#listeners.add(see);
    return () => this.#listeners.delete(see);
  };

  readonly watchDevices = (devices: Iterable<DeviceNumber>): void => {
    for (const device of devices) {
      this.#options.devices.add(device);
      this.#options.privateDevices.add(device);
    }
  };
}
