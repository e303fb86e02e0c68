import { useEffect, useRef, useState } from "preact/hooks";

import { refusal } from "../api/refusal";
import type { DrawStructureResponse } from "../generated/larmor/v1/candidate_service_pb";
import { drawingOf } from "./drawings";
import { svgNodes } from "./svg-nodes";

/** Gets the drawing of a SMILES or mol block; undefined while it is on its way. */
export function useDrawing(structure: string, width: number, height: number, wanted = true) {
  const [drawing, setDrawing] = useState<{ of: string; reply: DrawStructureResponse }>();
  const [problem, setProblem] = useState("");
  useEffect(() => {
    if (!wanted || structure === "") return;
    let current = true;
    setProblem("");
    drawingOf(structure, width, height).then(
      (reply) => current && setDrawing({ of: structure, reply }),
      (error: unknown) => current && setProblem(refusal(error)),
    );
    return () => {
      current = false;
    };
  }, [structure, width, height, wanted]);
  return { drawing: drawing?.of === structure ? drawing.reply : undefined, problem };
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

/** A small drawing of a SMILES or mol block, got when it comes into sight. */
export function Thumbnail({ of, name }: { of: string; name: string }) {
  const host = useRef<HTMLDivElement>(null);
  const [seen, setSeen] = useState(false);
  useEffect(() => {
    const watch = new IntersectionObserver((entries) => {
      if (entries.some((entry) => entry.isIntersecting)) setSeen(true);
    }, { rootMargin: "200px" });
    watch.observe(host.current!);
    return () => watch.disconnect();
  }, []);
  const { drawing } = useDrawing(of, 180, 130, seen);
  return (
    <div class="thumbnail" ref={host} role="img" aria-label={`Structure of ${name}`}>
      {drawing && <Lines svg={drawing.svg} />}
    </div>
  );
}
