/** The pages there are. */
export type Route =
  | { page: "board" }
  | { page: "sample"; id: string }
  | { page: "search" }
  | { page: "nowhere" };

export function routeOf(path: string): Route {
  const parts = path.split("/").filter((part) => part !== "");
  if (parts.length === 0) return { page: "board" };
  if (parts.length === 1 && parts[0] === "search") return { page: "search" };
  if (parts.length === 2 && parts[0] === "sample") {
    const id = decoded(parts[1]!);
    if (id !== undefined) return { page: "sample", id };
  }
  return { page: "nowhere" };
}

function decoded(part: string): string | undefined {
  try {
    return decodeURIComponent(part);
  } catch {
    // A cut-off address, such as "%4".
    return undefined;
  }
}
