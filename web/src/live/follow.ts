import { backoff } from "./backoff";

/** What a stream sends: something that happened, or only how far it is. */
export type Message<E> = { cursor: bigint; event?: E };

export interface Stream<E> {
  /** Opens the stream after a cursor, or after the newest event where there is none. */
  open(cursor: bigint | undefined, abort: AbortSignal): AsyncIterable<Message<E>>;
  /** Whether the server no longer knows the cursor. */
  isLost(error: unknown): boolean;
  /** Whether asking again would end the same way: the reader may not. */
  isRefused(error: unknown): boolean;
  onEvent(event: E): void;
  /** A stream began at the newest event: what was read before it may be out of date. */
  onFresh(): void;
  onState(live: boolean): void;
  wait(ms: number, abort: AbortSignal): Promise<void>;
}

/**
 * Follows a stream until it is aborted: when it is cut it is opened again at the last cursor, so that
 * no event is missed or comes twice. Returns the cursor to go on at.
 */
export async function follow<E>(
  stream: Stream<E>,
  start: bigint | undefined,
  abort: AbortSignal,
): Promise<bigint | undefined> {
  let cursor = start;
  let failures = 0;
  while (!abort.aborted) {
    let fresh = cursor === undefined;
    try {
      for await (const message of stream.open(cursor, abort)) {
        failures = 0;
        stream.onState(true);
        cursor = message.cursor;
        if (fresh) stream.onFresh();
        fresh = false;
        if (message.event !== undefined) stream.onEvent(message.event);
      }
    } catch (error) {
      if (!abort.aborted && stream.isRefused(error)) return cursor;
      if (!abort.aborted && stream.isLost(error)) cursor = undefined;
    }
    if (abort.aborted) break;
    failures += 1;
    stream.onState(false);
    await stream.wait(backoff(failures), abort);
  }
  return cursor;
}
