import { signedOut } from "../session/session";
import { live } from "./feed";

/** A small word while the page does not hear of what is new. */
export function ConnectionNotice() {
  if (live.value !== false || signedOut.value) return null;
  return (
    <p class="notice" role="status">
      Reconnecting … what you see may be out of date.
    </p>
  );
}
