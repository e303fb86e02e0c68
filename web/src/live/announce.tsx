import { signal } from "@preact/signals";

const words = signal("");
let clearing: ReturnType<typeof setTimeout> | undefined;

/** Says something to readers who do not see the page change. */
export function announce(text: string): void {
  // The same words twice are read once only unless the region was empty in between.
  words.value = words.value === text ? `${text} ` : text;
  clearTimeout(clearing);
  clearing = setTimeout(() => (words.value = ""), 8000);
}

export function Announcements() {
  return (
    <div class="unseen" role="status" aria-live="polite">
      {words.value}
    </div>
  );
}
