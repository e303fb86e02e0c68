import { useEffect, useRef } from "preact/hooks";

import { Board } from "./board/board";
import { Announcements } from "./live/announce";
import { ConnectionNotice } from "./live/notice";
import { place } from "./route/place";
import { routeOf, type Route } from "./route/route";
import { SamplePage } from "./sample/page";
import { SearchPage } from "./search/page";
import { signedOut } from "./session/session";
import { SignIn } from "./session/sign-in";
import { SignedIn } from "./session/signed-in";

export function App() {
  const route = routeOf(place.value.path);
  const main = useRef<HTMLElement>(null);
  const first = useRef(true);
  const at = place.value.path;
  // A reader with a screen reader hears the new page begin, as after a load.
  useEffect(() => {
    if (!first.current) main.current?.focus();
    first.current = false;
  }, [at]);
  return (
    <>
      <a class="skip" href="#main">
        Skip to content
      </a>
      <header class="top">
        <a class="brand" href="/">
          Larmor
        </a>
        <nav aria-label="Pages">
          <a href="/" aria-current={route.page === "board" ? "page" : undefined}>
            Board
          </a>
          <a href="/search" aria-current={route.page === "search" ? "page" : undefined}>
            Search
          </a>
        </nav>
        <ConnectionNotice />
        <SignedIn />
      </header>
      <main id="main" ref={main} tabIndex={-1}>
        {signedOut.value ? <SignIn /> : <Page route={route} />}
      </main>
      <Announcements />
    </>
  );
}

function Page({ route }: { route: Route }) {
  switch (route.page) {
    case "board":
      return <Board />;
    case "sample":
      return <SamplePage key={route.id} id={route.id} />;
    case "search":
      return <SearchPage />;
    default:
      return (
        <>
          <h1>Nothing here</h1>
          <p>
            There is no such page. <a href="/">To the board</a>
          </p>
        </>
      );
  }
}
