import { useEffect, useRef, useState } from "preact/hooks";

import { refusal } from "../api/refusal";
import type { DrawStructureResponse } from "../generated/larmor/v1/candidate_service_pb";
import { drawingOf } from "./drawings";
import { svgNodes } from "./svg-nodes";

/** Gets a drawing; undefined while it is on its way. */
export function useDrawing(smiles: string, width: number, height: number, wanted = true) {
  const [drawing, setDrawing] = useState<{ of: string; reply: DrawStructureResponse }>();
  const [problem, setProblem] = useState("");
  useEffect(() => {
    if (!wanted || smiles === "") return;
    let current = true;
    setProblem("");
    drawingOf(smiles, width, height).then(
      (reply) => current && setDrawing({ of: smiles, reply }),
      (error: unknown) => current && setProblem(refusal(error)),
    );
    return () => {
      current = false;
    };
  }, [smiles, width, height, wanted]);
  return { drawing: drawing?.of === smiles ? drawing.reply : undefined, problem };
}

/** The drawn lines and letters. */
export function Lines({ svg }: { svg: string }) {
  const host = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const nodes = svgNodes(svg);
    host.current!.replaceChildren(...(nodes ? [nodes] : []));
  }, [svg]);
  return <div class="lines" ref={host} />;
}

/** A small drawing, got when it comes into sight. */
export function Thumbnail({ smiles, name }: { smiles: string; name: string }) {
  const host = useRef<HTMLDivElement>(null);
  const [seen, setSeen] = useState(false);
  useEffect(() => {
    const watch = new IntersectionObserver((entries) => {
      if (entries.some((entry) => entry.isIntersecting)) setSeen(true);
    }, { rootMargin: "200px" });
    watch.observe(host.current!);
    return () => watch.disconnect();
  }, []);
  const { drawing } = useDrawing(smiles, 180, 130, seen);
  return (
    <div class="thumbnail" ref={host} role="img" aria-label={`Structure of ${name}`}>
      {drawing && <Lines svg={drawing.svg} />}
    </div>
  );
}
