import { useTitle } from "../route/title";
import { Samples } from "./samples";
import { Similar } from "./similar";

export function SearchPage() {
  useTitle("Search");
  return (
    <>
      <h1>Search</h1>
      <Samples />
      <Similar />
    </>
  );
}
