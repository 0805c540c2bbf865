// Evidence as the journal keeps it: the code, the pid, and what else its sentence says, in one short text. PURE.
import { escapeBytes, unescapeBytes } from '../../probe/model/bytes.ts';
import { decodeJson, Misfit, mapped, optional, record, text } from '../../probe/model/decode/decode.ts';
import { count } from '../../probe/model/decode/decode-words.ts';
import { EVIDENCE_CODES, type Evidence, type EvidenceCode, evidenceText } from '../../probe/model/judge/evidence.ts';

type Values = Pick<Evidence, 'comm' | 'count' | 'seconds' | 'limitSeconds' | 'software' | 'detail'>;

/** `creator-dead 4711`, `held {"count":2}`; ASCII, as all that the journal is read back with. */
export function keepEvidence({ code, pid, comm, ...values }: Evidence): string {
  const rest: Values = { comm: comm === undefined ? undefined : escapeBytes(comm), ...values };
  const tail = JSON.stringify(rest).replace(/[^\x20-\x7e]/g, unicodeEscape);
  // A sentence is worth no more than the line.
  return `${keptCode({ code, pid })}${tail === '{}' || tail.length > MOST_TAIL ? '' : ` ${tail}`}`;
}

const MOST_TAIL = 2000;
const unicodeEscape = (char: string) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** Without the values: what programs read. */
export const codeOfKept = (kept: string): string => kept.replace(/ \{.*$/s, '');

/** The sentence, safe to print. Of a line that older versions wrote, without its values, or that nobody here understands, what stands there. */
export function spellKept(kept: string): string {
  const found = readKept(kept);
  if (!found) return codeOfKept(kept).replaceAll('-', ' ');
  const { evidence, hasValues } = found;
  const sentence = evidenceText(evidence);
  return hasValues || sentence === evidenceText({ ...evidence, ...ANY })
    ? sentence
    : codeOfKept(kept).replaceAll('-', ' ');
}

/** A sentence that these change says something of them. */
const ANY: Values = { comm: 'x', count: 7, seconds: 7, limitSeconds: 7, software: 'x', detail: 'x' };

const keptCode = ({ code, pid }: Pick<Evidence, 'code' | 'pid'>) => (pid === undefined ? code : `${code} ${pid}`);

function readKept(kept: string): { readonly evidence: Evidence; readonly hasValues: boolean } | undefined {
  const [, word = '', pid, tail] = /^([a-z-]+)(?: (\d{1,10}))?(?: (\{.*\}))?$/s.exec(kept) ?? [];
  if (!isCode(word)) return undefined;
  const values = tail === undefined ? {} : decodeJson(tail, written);
  if (values instanceof Misfit) return undefined;
  return {
    evidence: { code: word, ...(pid === undefined ? {} : { pid: Number(pid) }), ...values },
    hasValues: tail !== undefined,
  };
}

const isCode = (word: string): word is EvidenceCode => EVIDENCE_CODES.some((code) => code === word);

const MOST_WORDS = 4096;

/** `evidenceText` makes them safe. */
const written = record<Values>({
  comm: optional(mapped(text(MOST_WORDS), unescapeBytes)),
  count: optional(count),
  seconds: optional(count),
  limitSeconds: optional(count),
  software: optional(text(MOST_WORDS)),
  detail: optional(text(MOST_WORDS)),
});
