import uPlot from "uplot";
import { figureText, instantText } from "../../src/watch/page/words.ts";
import { byId, colour, onLook } from "./dom.ts";
import type { Page } from "./unpack.ts";

/** A line over the windows. */
export interface Line {
  readonly name: string;
  /** By window; null where there is nothing to show. */
  readonly values: readonly (number | null)[];
  /** Name of a colour of the style sheet. */
  readonly colour: string;
  readonly dashed?: boolean;
  /** Ends of an interval, drawn as a band. */
  readonly low?: readonly (number | null)[];
  readonly high?: readonly (number | null)[];
}

/** What a chart over time shows. */
export interface TimeChart {
  /** What a screen reader says in place of the picture. */
  readonly says: string;
  readonly lines: readonly Line[];
  readonly height?: number;
  /** Ends of the value axis, where they are known. */
  readonly range?: readonly [number, number];
  readonly show: (value: number) => string;
  /** Windows to shade: immature ones. */
  readonly shaded?: (window: number) => boolean;
}

/** Draws a chart into its place, again on another width or other colours. The time axis is that of the heat map. */
export function showTimeChart(id: string, page: Page, chartNow: () => TimeChart): () => void {
  const place = byId(id);
  if (!place) return () => {};
  place.setAttribute("role", "img");
  let plot: uPlot | undefined;
  let width = 0;
  const redraw = () => {
    if (width === 0) return;
    plot?.destroy();
    const chart = chartNow();
    place.setAttribute("aria-label", chart.says);
    plot = new uPlot(optionsOf(page, chart, width), dataOf(page, chart), place);
  };
  onLook(place, (now) => {
    width = now;
    redraw();
  });
  return redraw;
}

function dataOf({ slots }: Page, { lines }: TimeChart): uPlot.AlignedData {
  const along = (values: readonly (number | null)[]) =>
    slots.map((window) => (window < 0 ? null : values[window]!));
  return [
    slots.map((_, slot) => slot),
    ...lines.flatMap(({ values, low, high }) => [
      along(values),
      ...(low && high ? [along(low), along(high)] : []),
    ]),
  ] as uPlot.AlignedData;
}

function optionsOf(page: Page, chart: TimeChart, width: number): uPlot.Options {
  const { lines, height = 200, range, show } = chart;
  const tick = tickOf(chart);
  const valueText = (value: number | null | undefined, interval: string) => {
    if (value === null || value === undefined) return interval || "–";
    return interval ? `${show(value)} (${interval})` : show(value);
  };
  const few = page.slots.length <= 60;
  const when = (slot: number) => {
    const window = page.slots[Math.round(slot)] ?? -1;
    return window < 0 ? "" : instantText(page.windows.start[window]!, page.windowMs);
  };
  const series: uPlot.Series[] = [
    { label: "Window", value: (_, slot) => (slot === null ? "–" : when(slot)) },
  ];
  const bands: uPlot.Band[] = [];
  for (const line of lines) {
    const stroke = colour(line.colour);
    const { low, high } = line;
    const interval = (slot: number | null) => {
      const window = page.slots[slot ?? -1] ?? -1;
      const ends = [low?.[window], high?.[window]].filter((end) => end !== undefined && end !== null);
      return ends.length === 2 ? ends.map(show).join(" to ") : "";
    };
    series.push({
      label: line.name,
      stroke,
      width: 1.5,
      ...(line.dashed && { dash: [4, 3] }),
      points: { show: few, size: 4 },
      value: (_, value, __, slot) => valueText(value, interval(slot)),
    });
    if (!low || !high) continue;
    // Ends of the band: the line's own words in the legend name them.
    const end = { class: "end", stroke: "transparent", width: 0, points: { show: false } };
    series.push(end, end);
    bands.push({ series: [series.length - 1, series.length - 2], fill: `${stroke}33` });
  }
  const axis = {
    stroke: colour("muted"),
    grid: { stroke: colour("rule"), width: 1 },
    ticks: { stroke: colour("rule"), width: 1 },
    font: "11px system-ui, sans-serif",
  };
  return {
    width,
    height,
    padding: [8, 32, 0, 0],
    series,
    bands,
    cursor: { drag: { x: false, y: false } },
    scales: {
      x: { time: false, range: [-0.5, page.slots.length - 0.5] },
      ...(range && { y: { range: [...range] } }),
    },
    axes: [
      {
        ...axis,
        space: 90,
        incrs: [1, 2, 5, 7, 10, 14, 20, 30, 50, 100, 200, 500, 1000, 2000, 5000],
        values: (_, slots) => slots.map(when),
      },
      { ...axis, size: 56, values: (_, values) => values.map(tick) },
    ],
    hooks: { drawClear: [(plot) => shade(plot, page, chart)] },
    legend: { live: true },
  };
}

/** No more digits than tell ticks apart; thousands and shares by the chart's own words. */
function tickOf({ show }: TimeChart): (value: number) => string {
  return (value) => (show === figureText ? String(Number(value.toPrecision(6))) : show(value));
}

function shade(plot: uPlot, { slots }: Page, { shaded }: TimeChart): void {
  if (!shaded) return;
  const { ctx, bbox } = plot;
  ctx.fillStyle = colour("shade");
  for (const [slot, window] of slots.entries()) {
    if (window < 0 || !shaded(window)) continue;
    const [left, right] = [slot - 0.5, slot + 0.5].map((at) => plot.valToPos(at, "x", true));
    ctx.fillRect(left!, bbox.top, right! - left!, bbox.height);
  }
}
