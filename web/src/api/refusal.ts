import { Code, ConnectError } from "@connectrpc/connect";

/** Why a call came to nothing, in words for the person who asked. */
export function refusal(error: unknown): string {
  const { code, rawMessage } = ConnectError.from(error);
  switch (code) {
    case Code.Unavailable:
    case Code.Unknown:
    case Code.DeadlineExceeded:
      return "The server cannot be reached at the moment.";
    case Code.Unimplemented:
      return "This server does not offer that.";
    case Code.Internal:
      return `The server met an error: ${rawMessage}`;
    default:
      return sentence(rawMessage) || "The server refused.";
  }
}

export function isCode(error: unknown, code: Code): boolean {
  return ConnectError.from(error).code === code;
}

/** A fragment as a sentence: the server's words begin in lower case and end without a stop. */
export function sentence(words: string): string {
  const text = words.trim();
  if (text === "") return "";
  const stopped = /[.!?]$/.test(text) ? text : `${text}.`;
  // Formulae, nuclei and names such as "13C" or "pH" begin as they are written.
  return /^[a-z][a-z ]/.test(stopped) ? stopped[0]!.toUpperCase() + stopped.slice(1) : stopped;
}
