import { person, signOut } from "./session";

/** Who is signed in, and the way out. */
export function SignedIn() {
  const who = person.value;
  if (!who) return null;
  return (
    <p class="who">
      {who.sampleId ? "Opened by a link" : who.holder}{" "}
      <button type="button" onClick={() => void signOut()}>
        Sign out
      </button>
    </p>
  );
}
