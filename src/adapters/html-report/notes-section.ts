import { countText, type WatchPage } from "../../watch/index.ts";
import { el, type Markup } from "./element.ts";
import { behind, dataTable, panel } from "./table.ts";

/** What the numbers mean, what this file adds up, and where they came from. */
export function notesSection({ data, report: { replicas } }: WatchPage): Markup {
  return panel(
    "notes",
    "How to read this",
    el(
      "dl",
      { class: "notes" },
      term(
        "JS distance",
        "Jensen-Shannon distance in base 2 between the window and the reference, on the profile's cells: 0 is the same, 1 shares no value.",
      ),
      ...(data.strata
        ? [
            term(
              "Reference",
              `Each window is compared with the training data of the same ${data.strata.by} (${namesText(data.strata.names)}), and with all of it where that is not known.`,
            ),
          ]
        : []),
      term(
        "Usual below",
        "What 95 of 100 windows of as many rows stay below where nothing drifts and rows are independent of each other. It judges nothing.",
      ),
      term(
        "Drift",
        "A verdict of detectors whose thresholds were calibrated on the reference to the contract's budget of false alarms.",
      ),
      term(
        "Effect",
        "The distance of the decayed counts, which remember the windows before, freed from what sampling adds, with its 95 % interval.",
      ),
      term(
        "KS, bounds",
        "The Kolmogorov-Smirnov distance is known from counts on cells only between these bounds.",
      ),
      term("W1 / σ", "Wasserstein distance in standard deviations of the reference."),
      term("Too few rows", "Neither drift nor its absence can be told. It is never shown as well."),
      term(
        "What is added up",
        data.grouped === 1
          ? "Distances, shares and cell counts are those of single windows, to four digits."
          : `Distances and shares are those of single windows, to four digits. Cell counts of the picked column are added up over ${data.grouped} neighbouring windows, so that this file stays small.`,
      ),
    ),
    behind(
      "Replicas that were read",
      dataTable(
        "Lives of replicas",
        [
          { name: "Replica" },
          { name: "Boot" },
          { name: "Files", number: true },
          { name: "Rows", number: true },
          { name: "Dropped", number: true },
          { name: "Gaps", number: true },
          { name: "Ended" },
          { name: "Newest file" },
        ],
        replicas.map(({ replica, boot, files, rows, dropped, gaps, ended, newest }) => [
          replica,
          boot,
          ...[files, rows, dropped, gaps].map(countText),
          ended ? "in order" : "runs on, or ended without warning",
          newest,
        ]),
      ),
    ),
  );
}

function term(name: string, text: string): Markup {
  return el("div", {}, el("dt", {}, name), el("dd", {}, text));
}

/** Names to begin with; a week has 168 hours. */
const shownNames = 12;

function namesText(names: readonly string[]): string {
  const rest = names.length - shownNames;
  return rest > 0 ? `${names.slice(0, shownNames).join(", ")} and ${rest} more` : names.join(", ");
}
