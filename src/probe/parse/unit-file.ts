// Unit files of systemd as far as they tell whether a service is started again by itself (systemd.service(5), systemd.unit(5)).
import type { ByteString } from '../model/bytes.ts';

/**
 * Does the unit file, or a drop-in of it, say that something but a person starts the service: a restart after its end, a bus
 * name under which it is wanted? Later files override earlier ones, but one `yes` among them is enough: in doubt it comes back.
 */
export const startsByItself = (texts: readonly ByteString[]): boolean => texts.some((text) => AGAIN.test(text));

const AGAIN = /^[ \t]*(?:Restart[ \t]*=[ \t]*(?!no[ \t]*$)\S|BusName[ \t]*=[ \t]*\S)/m;

/** `foo@.service` of `foo@bar.service`. */
export const templateOf = (name: ByteString): ByteString | undefined => {
  const [, before, after] = /^([^@]+@)[^/]+(\.[a-z]+)$/.exec(name) ?? [];
  return before === undefined || after === undefined ? undefined : before + after;
};
