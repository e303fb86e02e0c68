import { infoCalls } from "../api/calls";
import { person } from "./session";

/** Asks the server whom it takes the reader for. */
export async function askWho(): Promise<void> {
  try {
    const { caller } = await infoCalls.getInfo({});
    if (caller) person.value = { holder: caller.holder, role: caller.role, sampleId: caller.sampleId };
  } catch {
    // Signed out, or the server is away: both are told elsewhere.
  }
}
