// Text of unknown origin (user names, container names, mount points) made harmless to print.
import { escapeBytes, utf8Bytes } from '../../probe/model/bytes.ts';

const HARMLESS = /^[\w.@$:/+, =-]*$/;

/** Controls, invisible characters and direction changes become `\xHH`, as in object names. */
export function safeText(text: string): string {
  return HARMLESS.test(text) ? text : escapeBytes(utf8Bytes(text));
}

/** A whole line of our own that quotes such text: the same, but backslashes stay single, as they are typed in IDs. */
export function safeLine(line: string): string {
  return line.replace(/[^\x20-\x7e]+/g, (run) => escapeBytes(utf8Bytes(run)));
}
