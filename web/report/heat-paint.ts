import { instantText } from "../../src/watch/page/words.ts";
import { colour } from "./dom.ts";
import { classOf, type Measure, untold } from "./measures.ts";
import type { Page } from "./unpack.ts";

interface MapLook {
  readonly page: Page;
  readonly measure: Measure;
  /** Pixels of the style sheet. */
  readonly width: number;
  readonly height: number;
  readonly headHeight: number;
  readonly rowHeight: number;
}

/**
 * One canvas for all cells. Where slots are narrower than a pixel of the screen, a pixel shows the worst of its cells, so
 * that nothing bad is lost by drawing.
 */
export function paintMap(canvas: HTMLCanvasElement, look: MapLook): void {
  const { page, measure, width, height, headHeight, rowHeight } = look;
  const ratio = devicePixelRatio || 1;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  Object.assign(canvas.style, { width: `${width}px`, height: `${height}px` });
  const context = canvas.getContext("2d");
  if (!context) return;
  context.scale(ratio, ratio);
  paintDates(context, look);
  const colours = [0, 1, 2, 3, 4, 5].map((level) => colour(`heat-${level}`));
  const [blank, drift] = [colour("heat-none"), colour("drift")];
  const slots = page.slots.length;
  // Cells with edges on whole device pixels: as many steps as there are slots or pixels, whichever is fewer.
  const steps = Math.min(slots, canvas.width);
  const edge = (step: number) => Math.round((step / steps) * canvas.width) / ratio;
  for (const [row, column] of page.columns.entries()) {
    const top = headHeight + row * rowHeight;
    for (let step = 0; step < steps; step++) {
      const [from, to] = [Math.floor((step * slots) / steps), Math.ceil(((step + 1) * slots) / steps)];
      let [worst, drifts, seen] = [untold, false, false];
      for (let slot = from; slot < to; slot++) {
        const window = page.slots[slot]!;
        if (window < 0) continue;
        seen = true;
        worst = Math.max(worst, classOf(measure, column, window, page));
        drifts ||= column.verdicts?.[window] === "d";
      }
      if (!seen) continue;
      const [left, right] = [edge(step), edge(step + 1)];
      const gap = right - left >= 6 ? 1 : 0;
      context.fillStyle = worst === untold ? blank : colours[worst]!;
      context.fillRect(left, top + 1, right - left - gap, rowHeight - 2);
      if (!drifts) continue;
      context.fillStyle = drift;
      context.fillRect(left, top + rowHeight - 4, right - left - gap, 3);
    }
  }
}

function paintDates(context: CanvasRenderingContext2D, { page, width, headHeight }: MapLook): void {
  context.fillStyle = colour("muted");
  context.font = "11px system-ui, sans-serif";
  context.textBaseline = "middle";
  const labelWidth = 84;
  const count = Math.max(1, Math.min(page.slots.length, Math.floor(width / labelWidth)));
  for (let label = 0; label < count; label++) {
    const slot = Math.floor((label * page.slots.length) / count);
    const window = page.slots[slot]! < 0 ? page.slots[slot + 1]! : page.slots[slot]!;
    const left = (slot / page.slots.length) * width;
    context.fillRect(left, headHeight - 4, 1, 4);
    context.fillText(
      instantText(page.windows.start[window]!, page.windowMs).slice(0, 16),
      left + 3,
      headHeight / 2 - 2,
    );
  }
}
