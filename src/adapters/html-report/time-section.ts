import { instantText, slotOf, type TimeLane, type TimeMark, type WatchPage } from "../../watch/index.ts";
import { el, type Markup } from "./element.ts";
import { absent, behind, dataTable, panel } from "./table.ts";

/** Height of a lane in pixels. */
const laneHeight = 28;

const tones: Record<TimeMark["tone"], string> = {
  alarm: "alarm",
  holds: "condition holds",
  unknown: "cannot be told",
  fired: "fired",
  "held-back": "held back",
  signed: "signed",
};

/** Alarms, triggers, reviews and the signed history along the windows, with a table behind them. */
export function timeSection(page: WatchPage): Markup {
  const { lanes, data } = page;
  const marks = lanes.flatMap(({ name, marks }) => marks.map((mark) => ({ lane: name, ...mark })));
  const used = [...new Set(marks.map(({ tone }) => tone))];
  return panel(
    "time-line",
    "Alarms, triggers and reviews",
    lanes.filter((lane) => lane.absent).map((lane) => absent(`${lane.name}: ${lane.absent}.`)),
    data.slots.length > 0 && marks.length > 0 && picture(page),
    used.length > 0 &&
      el(
        "p",
        { class: "legend" },
        used.map((tone) => el("span", { class: `key ${tone}` }, tones[tone])),
      ),
    marks.length > 0 &&
      behind(
        "Table of what happened when",
        dataTable(
          "What happened when",
          [{ name: "From" }, { name: "To" }, { name: "Lane" }, { name: "Kind" }, { name: "What" }],
          marks
            .sort((a, b) => Date.parse(a.from) - Date.parse(b.from))
            .map(({ from, to, lane, tone, text }) => [
              instantText(Date.parse(from), data.windowMs),
              to ? instantText(Date.parse(to), data.windowMs) : "–",
              lane,
              tones[tone],
              text,
            ]),
          "time-table",
        ),
      ),
  );
}

function picture({ lanes, data }: WatchPage): Markup {
  const shown = lanes.filter(({ marks }) => marks.length > 0);
  return el(
    "div",
    { class: "lanes" },
    shown.map((lane) => {
      const outside = lane.marks.filter(({ from, to }) => !spanOf(data, from, to)).length;
      return el(
        "div",
        { class: "lane" },
        el(
          "div",
          { class: "lane-name" },
          lane.name,
          outside > 0 && el("span", { class: "meta" }, ` ${outside} outside these windows`),
        ),
        el(
          "svg",
          { class: "lane-plot", height: laneHeight, role: "img", "aria-label": laneText(lane) },
          el("line", { x1: "0", x2: "100%", y1: laneHeight / 2, y2: laneHeight / 2, class: "base" }),
          lane.marks.map((mark) => shape(data, mark)),
        ),
      );
    }),
    el(
      "div",
      { class: "lane" },
      el("div", { class: "lane-name" }),
      el(
        "div",
        { class: "lane-ends" },
        el("span", {}, instantText(data.windows.start[0]!, data.windowMs)),
        el("span", {}, instantText(data.windows.start.at(-1)! + data.windowMs, data.windowMs)),
      ),
    ),
  );
}

const laneText = ({ name, marks }: TimeLane) => `${name}: ${marks.length} marks; the table below names them`;

function shape(data: WatchPage["data"], { from, to, tone, text }: TimeMark): Markup | false {
  const span = spanOf(data, from, to);
  if (!span) return false;
  const [left, right] = span;
  const title = el("title", {}, text);
  if (to !== undefined)
    return el(
      "svg",
      { x: `${left}%`, width: `${Math.max(0.4, right - left)}%`, height: laneHeight, class: tone },
      title,
      el("rect", { width: "100%", y: laneHeight / 2 - 6, height: 12 }),
    );
  return el(
    "svg",
    { x: `${left}%`, overflow: "visible", class: tone },
    title,
    el("path", { d: markers[tone] }),
  );
}

/** Points differ in shape, not in colour alone. */
const markers: Record<TimeMark["tone"], string> = {
  alarm: "M-4 8h8v12h-8z",
  holds: "M-4 8h8v12h-8z",
  unknown: "M-4 8h8v12h-8z",
  fired: "M0 4l7 12h-14z",
  "held-back": "M-6 8l12 12M6 8l-12 12",
  signed: "M0 6l6 8l-6 8l-6-8z",
};

/** Ends in percent of the width; undefined where it lies outside. */
function spanOf(
  { windows, windowMs, slots }: WatchPage["data"],
  from: string,
  to: string | undefined,
): [number, number] | undefined {
  const axis = { starts: windows.start, windowMs, slots };
  const place = (instant: string) => {
    const slot = slotOf(Date.parse(instant), axis);
    return slot === undefined ? undefined : Number(((100 * slot) / slots.length).toFixed(3));
  };
  const left = place(from);
  if (left === undefined) return undefined;
  return [left, to === undefined ? left : (place(to) ?? 100)];
}
