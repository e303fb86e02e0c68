import { signal } from "@preact/signals";

/** Who is signed in, as the server knows him. */
export interface Person {
  holder: string;
  role: string;
  /** The one sample that is shown, where a link was opened. */
  sampleId: string;
}

/** Whether the server asks who somebody is and does not know. */
export const signedOut = signal(false);

/** Who is signed in; undefined where nobody is asked, and until it is known. */
export const person = signal<Person | undefined>(undefined);

const ADDRESS = "/session";

/** What is behind the # of a link to a sample. */
const LINK = "#link=";

/** Shows a token once; a session stands for it from then on. What is wrong with it, if anything. */
export async function signIn(token: string): Promise<string> {
  try {
    const headers = { "content-type": "application/json" };
    const reply = await fetch(ADDRESS, { method: "POST", headers, body: JSON.stringify({ token }) });
    if (reply.ok) return "";
    return (await reply.text()).trim() || "The server refused.";
  } catch {
    return "The server cannot be reached at the moment.";
  }
}

export async function signOut(): Promise<void> {
  await fetch(ADDRESS, { method: "DELETE" });
  // Nothing that was read stays in memory.
  location.assign("/");
}

/** Signs in with the link that the address holds, and takes it out of the address and the history. */
export async function openLink(): Promise<void> {
  if (!location.hash.startsWith(LINK)) return;
  const secret = location.hash.slice(LINK.length);
  history.replaceState(null, "", location.pathname + location.search);
  await signIn(secret);
}
