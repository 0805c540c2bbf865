// The thread that replays a recording in place of the one that observes: the same messages, from a file, at a chosen speed.
import { parentPort, workerData } from 'node:worker_threads';
import { thinOut } from '../model/event/event-crowd.ts';
import { nameThread } from '../thread/thread-name.ts';
import { TickSender } from '../thread/tick-parts.ts';
import type { FromWorker, ReplayStart, ToWorker } from '../thread/worker-protocol.ts';
import { Player } from './player.ts';
import { RecordingFile } from './recording-file.ts';

const FRAME_MS = 200;
const MOST_EVENTS = 1000;
const NO_CONTENT = { refused: 'a recording holds no content of objects' };

if (parentPort) {
  nameThread('shmtop-replay');
  serve(parentPort, workerData);
}

function serve(port: NonNullable<typeof parentPort>, { path }: ReplayStart): void {
  const send = (message: FromWorker) => port.postMessage(message);
  const sender = new TickSender((tick) => send({ type: 'tick', ...tick }));
  const file = RecordingFile.open(path);
  if (typeof file === 'string') throw new Error(file); // it was one a moment ago: start-dashboard.ts looked
  const player = new Player(file);
  let atMs = player.startMs;
  let speed = 1;
  let isPaused = false;
  let isFresh = true;
  let isDue = false;
  let lastFrameMs = performance.now();

  const frame = () => {
    const nowMs = performance.now();
    if (!isPaused) atMs = Math.min(player.endMs, atMs + (nowMs - lastFrameMs) * speed);
    lastFrameMs = nowMs;
    show();
  };
  const show = () => {
    // What is played is what changed since the last time: a tick that is still being sent comes first.
    isDue = sender.isSending;
    if (isDue) return;
    const played = player.playTo(atMs);
    if (played) {
      const { head, changed, removed } = played;
      const sampleMs = performance.now() - lastFrameMs;
      const events = thinOut(played.events, MOST_EVENTS);
      // Of a crowd nobody knows what went and what was only left out.
      const unlisted = head.leftOut && removed;
      const onSent = () => {
        if (isDue) show();
      };
      sender.start({ head, changed, removed, sampleMs, isFresh, events, unlisted }, onSent);
      isFresh = false;
    }
    const { startMs, endMs } = player;
    send({ type: 'replay', atMs, startMs, endMs, speed, isPaused, damagedLines: file.damagedLines });
  };

  send({ type: 'live', sources: file.header.sources });
  port.on('message', (message: ToWorker) => {
    switch (message.type) {
      case 'next-part':
        sender.next();
        return;
      case 'peek':
        send({ type: 'peek', id: message.id, offset: message.offset, peek: NO_CONTENT });
        return;
      case 'hold':
        send({ type: 'held' }); // nothing here is ever opened
        return;
      case 'share':
        send({ type: 'share', share: { pid: message.pid, refused: 'a recording does not tell' } });
        return;
      case 'play': {
        frame();
        speed = message.speed ?? speed;
        isPaused = message.isPaused ?? isPaused;
        const { toMs } = message;
        if (toMs !== undefined) {
          if (toMs < atMs) {
            player.rewind();
            isFresh = true;
          }
          atMs = Math.max(player.startMs, Math.min(player.endMs, toMs));
        }
        show();
      }
    }
  });
  show();
  setInterval(frame, FRAME_MS);
}
