// What the figures will mean, for somebody who sees the screen for the first time: beside the choices before anything ran.
import { wrapText } from '../format/wrap.ts';
import { fitTo, joinPieces, type Kit } from './pen.ts';

const WORDS: readonly (readonly [string, string])[] = [
  ['messages/s', 'by the counter of the consumer: what has arrived and been checked, not what was sent'],
  ['bytes/s', 'the same in bytes; GB is 10^9 bytes'],
  ['Memcpy', 'the same copies into the same ring by one processor alone, measured just before: what the memory allows'],
  ['Ring', 'how many of its slots are filled: a full ring makes the producer wait, an empty one the consumer'],
  ['Producer', 'its time spent waiting, how often it slept in the kernel or woke the other, and its processor time'],
  ['Cost', 'processor time of both sides for 10^9 bytes, and how much of it goes into checking'],
  ['Round trip', 'one message there and back on an empty ring; a wake-up is what it takes to wake a sleeping process'],
  ['One way', 'latency at a fixed rate, timed from when each message was due, so that no stall is hidden'],
  ['Queueing', 'at full load a message waits behind all others: that is the length of the queue and no latency'],
  ['Verified', 'messages whose bytes were what they had to be; torn, lost and reordered ones are counted, always'],
  ['Found as', 'the segment in screen 1 and its processes in screen 2, for as long as it runs'],
];

const RING = [
  '                   ┌──┬──┬──┬──┬──┬──┬──┬──┐',
  '  producer  ━━━▶   │▒▒│▒▒│▒▒│▒▒│▒▒│  │  │  │   ━━━▶  consumer',
  '  fills a slot     └──┴──┴──┴──┴──┴──┴──┴──┘     copies, checks',
  '                   one ring in shared memory',
];
const ASCII_RING = [
  '                   +--+--+--+--+--+--+--+--+',
  '  producer  ---->  |##|##|##|##|##|  |  |  |  ---->  consumer',
  '  fills a slot     +--+--+--+--+--+--+--+--+     copies, checks',
  '                   one ring in shared memory',
];

/** At most `height` lines. */
export function drawIntroduction(kit: Kit, width: number, height: number): string[] {
  const ring = kit.style.unicode ? RING : ASCII_RING;
  const words = WORDS.flatMap(([label, text]) =>
    wrapText(text, width - 14).map((line, at) =>
      joinPieces(
        kit,
        [
          [fitTo(kit, at === 0 ? ` ${label}` : '', 13), 'label'],
          [line, 'plain'],
        ],
        width,
      ),
    ),
  );
  const title = joinPieces(kit, [[' What you will see', 'accent']], width);
  return ['', ...ring.map((line) => joinPieces(kit, [[line, 'spark']], width)), '', title, '', ...words].slice(
    0,
    height,
  );
}
