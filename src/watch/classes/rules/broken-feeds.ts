import { allRows, dayOf, type Facts } from "../facts.ts";
import type { FoundFault } from "../scan-column.ts";
import type { Suspicion } from "../suspicion.ts";
import { conversionText } from "../unit-conversions.ts";
import { schemaChanges } from "./schema-change.ts";
import { staleFeeds } from "./stale-feed.ts";
import { swappedColumns } from "./swapped-columns.ts";
import { unitChanges } from "./unit-change.ts";

/** What broke between where a feature is measured and the model. */
export function brokenFeeds(facts: Facts): Suspicion[] {
  return [
    ...swappedColumns(facts.series).map((found) => swapped(facts, found)),
    ...facts.series.flatMap((series) => [
      ...unitChanges(series).map((found) => converted(facts, series.clause, found)),
      ...schemaChanges(series).map((found) => changed(facts, series.clause, found)),
      ...staleFeeds(series).map((found) => stopped(facts, series.clause, found)),
    ]),
  ];
}

const common = ({ windows }: FoundFault<never> | { readonly windows: readonly number[] }, facts: Facts) => ({
  rows: allRows(facts, windows),
});

function swapped(facts: Facts, found: ReturnType<typeof swappedColumns>[number]): Suspicion {
  const [first, second] = found.fault.clauses;
  return {
    ...common(found, facts),
    class: "upstream.swapped-columns",
    clause: first,
    clauses: [first, second],
    about: second,
    tell: () =>
      `Since ${dayOf(facts, found.windows[0]!)} ${first} looks as ${second} did, and the other way round: unlikeness to the other ${figure(found.fault.crossed)}, to itself ${figure(found.fault.itself)}.`,
    samples: [],
  };
}

function converted(facts: Facts, clause: string, found: ReturnType<typeof unitChanges>[number]): Suspicion {
  const { conversion, unlike, converted: left, means, rivals } = found.fault;
  const text = conversionText(conversion);
  const others = rivals.slice(0, 3).map((one) => `${one.from} to ${one.to} (${conversionText(one)})`);
  return {
    ...common(found, facts),
    class: "upstream.unit-change",
    clause,
    clauses: [clause],
    about: `${conversion.from} ${conversion.to}`,
    tell: () =>
      `Since ${dayOf(facts, found.windows[0]!)} the values look as if they came in ${conversion.to} and not in ${conversion.from} (${text}): unlikeness to before ${figure(unlike)} as they stand, ${figure(left)} once converted${others.length > 0 ? `; or ${others.join(", ")}` : ""}.`,
    samples: [`mean ${figure(means[0])} before, ${figure(means[1])} after`],
  };
}

function changed(facts: Facts, clause: string, found: ReturnType<typeof schemaChanges>[number]): Suspicion {
  const { kind, known } = found.fault;
  const [before, after] = known.map(percent);
  return {
    ...common(found, facts),
    class: "upstream.schema-change",
    clause,
    clauses: [clause],
    about: kind,
    tell: () =>
      kind === "recoded"
        ? `Since ${dayOf(facts, found.windows[0]!)} ${after} of the rows hold a category that is known, ${before} before.`
        : `Since ${dayOf(facts, found.windows[0]!)} there are values in ${after} of the rows, ${before} before.`,
    samples: [],
  };
}

function stopped(facts: Facts, clause: string, found: ReturnType<typeof staleFeeds>[number]): Suspicion {
  const { means } = found.fault;
  return {
    ...common(found, facts),
    class: "upstream.stale-feed",
    clause,
    clauses: [clause],
    tell: () => `Since ${dayOf(facts, found.windows[0]!)} the values stay what they were.`,
    samples: [`means of the first windows: ${means.map(figure).join(", ")}`],
  };
}

function figure(value: number): string {
  return String(Number(value.toPrecision(4)));
}

function percent(share: number): string {
  return `${Number((100 * share).toPrecision(3))} %`;
}
