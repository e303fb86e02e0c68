import { signal } from "@preact/signals";
import { Code } from "@connectrpc/connect";

import { resultCalls } from "../api/calls";
import { isCode } from "../api/refusal";
import type { Event } from "../generated/larmor/v1/event_pb";
import { signedOut } from "../session/session";
import { follow, type Message } from "./follow";
import { watched } from "./watchdog";

/** Whether news comes in; undefined until the first stream is open. */
export const live = signal<boolean | undefined>(undefined);

interface Listener {
  onEvent(event: Event): void;
  onFresh(): void;
}

const listeners = new Set<Listener>();

/** Hears of every event until the function that comes back is called. */
export function listen(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

// A page that nobody looks at gives its stream back after this time: the server has a bound on them.
const HIDDEN_MS = 60_000;

// A stream carries a bookmark every 15 seconds; several in a row do not get lost.
const SILENCE_MS = 60_000;

let cursor: bigint | undefined;
let running: AbortController | undefined;
let ended: Promise<void> = Promise.resolve();

/** Opens the page's one stream, and holds it for as long as the page is looked at. */
export function startFeed(): void {
  let hidden: ReturnType<typeof setTimeout> | undefined;
  document.addEventListener("visibilitychange", () => {
    clearTimeout(hidden);
    if (document.visibilityState === "visible") run();
    else hidden = setTimeout(() => running?.abort(), HIDDEN_MS);
  });
  addEventListener("online", run);
  run();
}

function run(): void {
  if (running && !running.signal.aborted) return;
  const controller = new AbortController();
  running = controller;
  ended = ended.then(async () => {
    cursor = await follow(
      {
        open,
        isLost: (error) => isCode(error, Code.OutOfRange),
        isRefused,
        onEvent: (event) => listeners.forEach((listener) => listener.onEvent(event)),
        onFresh: () => listeners.forEach((listener) => listener.onFresh()),
        onState: (state) => (live.value = state),
        wait,
      },
      cursor,
      controller.signal,
    );
  });
}

/** A reader who may not see what comes, and one whose session has ended. */
function isRefused(error: unknown): boolean {
  if (isCode(error, Code.Unauthenticated)) signedOut.value = true;
  return signedOut.value || isCode(error, Code.PermissionDenied);
}

async function* open(from: bigint | undefined, abort: AbortSignal): AsyncIterable<Message<Event>> {
  const request = from === undefined ? { fromNewest: true } : { cursor: from };
  const messages = watched((signal) => resultCalls.watchResults(request, { signal }), abort, SILENCE_MS);
  for await (const { message } of messages) {
    if (message.case === "event") yield { cursor: message.value.cursor, event: message.value };
    else if (message.case === "bookmark") yield { cursor: message.value.cursor };
  }
}

function wait(ms: number, abort: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    abort.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
