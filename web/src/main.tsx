import { render } from "preact";

import { App } from "./app";
import { startFeed } from "./live/feed";
import { followLinks } from "./route/place";
import { openLink } from "./session/session";
import { askWho } from "./session/who";
import "./style/base.css";
import "./style/parts.css";
import "./style/board.css";
import "./style/sample.css";
import "./style/spectrum.css";
import "./style/structure.css";
import "./style/elements.css";

await openLink();
followLinks();
startFeed();
render(<App />, document.getElementById("page")!);
void askWho();
