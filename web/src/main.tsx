import { render } from "preact";

import { App } from "./app";
import { startFeed } from "./live/feed";
import { followLinks } from "./route/place";
import "./style/base.css";
import "./style/parts.css";
import "./style/board.css";
import "./style/sample.css";
import "./style/spectrum.css";
import "./style/structure.css";
import "./style/elements.css";

followLinks();
startFeed();
render(<App />, document.getElementById("page")!);
