import { useTitle } from "../route/title";
import { ByName } from "./by-name";
import { Similar } from "./similar";

export function SearchPage() {
  useTitle("Search");
  return (
    <>
      <h1>Search</h1>
      <ByName />
      <Similar />
    </>
  );
}
