import type { Contract } from "../../contract/index.ts";
import { type Finding, parseDuration } from "../../kernel/index.ts";
import type { Check, CheckFacts } from "./check.ts";
import { finding } from "./checks-findings.ts";
import { bothTeams, everywhere } from "./findings/places.ts";
import { looksPersonal } from "./personal-names.ts";
import { place, placeOfFeature, readsOf } from "./reading.ts";

/** The whole text stands for one that is to be written. */
const placeholder =
  /^\W*(to ?do|tbd|tba|tbc|fixme|xxx+|change[-_ ]?me|n\/?a|none|placeholder|lorem ipsum.*|\?+|\.{2,}|-+|<.*>)\W*$/i;
/** A mark inside a text, which people write in capitals. */
const mark = /\b(TODO|FIXME|TBD|CHANGEME|XXX)\b|\blorem ipsum\b/;
const address = /^[^\s@]+@[^\s@]+\.[^\s@]+$|^https?:\/\/\S+$|^[#@]\S+$|^\+?[\d ()/-]{6,}$/;

/** Owners are people who can be reached. */
export const ownersCheck: Check = {
  name: "owners.reachable",
  title: "Owners have addresses",
  codes: ["owners.placeholder", "owners.not-an-address", "owners.same"],
  where: everywhere,
  reads: (facts) => readsOf(facts, ["contract"]),
  run(facts) {
    const { owners, level } = facts.contract;
    const found = Object.entries(owners).flatMap(([role, written]) => ownerFindings(facts, role, written));
    const same = owners.builds !== undefined && sameAddress(owners.builds, owners.runs);
    if (!same || level !== "critical" || found.length > 0) return found;
    return [
      finding("owners.same", {
        ...place(facts, "owners.runs"),
        received: owners.runs,
        message: `"${owners.runs}" both builds and runs the model.`,
      }),
    ];
  },
};

/** Texts are written, not left for later. */
export const proseCheck: Check = {
  name: "prose.written",
  title: "Use, meanings and limitations are written",
  codes: ["prose.placeholder", "review.before-labels", "sensitive.unmarked"],
  where: everywhere,
  reads: (facts) => readsOf(facts, ["contract"]),
  run: (facts) => [
    ...proseOf(facts.contract)
      .filter(([, text]) => isPlaceholder(text))
      .map(([path, text, clause]) =>
        finding("prose.placeholder", {
          ...place(facts, path),
          ...(clause === undefined ? {} : { clause }),
          received: text.slice(0, 80),
          message: `${path} still says "${text.slice(0, 80)}".`,
        }),
      ),
    ...reviewFindings(facts),
    ...sensitiveFindings(facts),
  ],
};

/** At `critical` somebody tells why the model is as it is. */
export const storyCheck: Check = {
  name: "story.written",
  title: "The story is written",
  codes: ["story.missing", "prose.placeholder"],
  where: bothTeams,
  reads: (facts) => readsOf(facts, [], [...facts.story.keys()]),
  notApplicable: (facts) =>
    facts.contract.level === "critical" ? undefined : "Only critical asks for a story.",
  run(facts) {
    const written = [...facts.story].filter(([, text]) => /\p{L}{3}/u.test(text));
    if (written.length === 0)
      return [finding("story.missing", { message: "There is no story/*.md with a word in it." })];
    return written.flatMap(([path, text]) => {
      const lines = text.split("\n");
      const line = lines.findIndex((candidate) => mark.test(candidate));
      if (line < 0) return [];
      return [
        finding("prose.placeholder", {
          file: path,
          line: line + 1,
          received: lines[line]!.trim().slice(0, 80),
          message: `${path} still says "${lines[line]!.trim().slice(0, 80)}".`,
        }),
      ];
    });
  },
};

/** True for a text that is to be written. `none` and `-` can be meant. */
export function isPlaceholder(text: string): boolean {
  const trimmed = text.trim();
  if (/^(none|n\/?a|-+|)$/i.test(trimmed)) return false;
  return placeholder.test(trimmed) || mark.test(trimmed);
}

function ownerFindings(facts: CheckFacts, role: string, written: string): Finding[] {
  const at = { ...place(facts, `owners.${role}`), received: written.slice(0, 80) };
  const text = written.trim();
  if (
    isPlaceholder(text) ||
    /^(none|n\/?a|-+|me|nobody|unknown)$/i.test(text) ||
    /^(todo|tbd|change-?me)@/i.test(text)
  )
    return [
      finding("owners.placeholder", { ...at, message: `The owner "${role}" is "${text.slice(0, 80)}".` }),
    ];
  if (address.test(text)) return [];
  return [
    finding("owners.not-an-address", {
      ...at,
      message: `The owner "${role}" is "${text.slice(0, 80)}", which is no address.`,
    }),
  ];
}

function sameAddress(a: string | undefined, b: string | undefined): boolean {
  return a !== undefined && b !== undefined && a.trim().toLowerCase() === b.trim().toLowerCase();
}

type Prose = readonly [path: string, text: string, clause?: string];

function proseOf(contract: Contract): Prose[] {
  const all: [string, string | undefined, string?][] = [
    ["use", contract.use],
    ["model.licence", contract.model.licence],
    ["data.licence", contract.data.licence],
    ["on-failure.caller", contract.onFailure?.caller],
    ["roll-back.steps", contract.rollBack?.steps],
    ...contract.features.flatMap((feature, i): [string, string | undefined, string][] => [
      [`features[${i}].how`, feature.how, `features.${feature.name}`],
      [`features[${i}].why`, feature.why, `features.${feature.name}`],
      [`features[${i}].unit`, feature.unit, `features.${feature.name}`],
    ]),
    ...contract.outputs.map((output, i): [string, string | undefined, string] => [
      `outputs[${i}].meaning`,
      output.meaning,
      `outputs.${output.name}`,
    ]),
    ...contract.limitations.map((one, i): [string, string | undefined, string] => [
      `limitations[${i}].text`,
      one.text,
      `limitations.${one.id}`,
    ]),
  ];
  return all.filter((prose): prose is [string, string, string?] => prose[1] !== undefined);
}

function reviewFindings(facts: CheckFacts): Finding[] {
  const { review, labels } = facts.contract;
  if (!review || !labels || parseDuration(review.first) >= parseDuration(labels.arriveAfter)) return [];
  return [
    finding("review.before-labels", {
      ...place(facts, "review.first"),
      clause: "review",
      expected: `at least ${labels.arriveAfter}`,
      received: review.first,
      message: `The first review comes after ${review.first}; labels arrive after ${labels.arriveAfter}.`,
    }),
  ];
}

function sensitiveFindings(facts: CheckFacts): Finding[] {
  if (facts.contract.level === "sketch") return [];
  return facts.contract.features
    .filter((feature) => !feature.sensitive && looksPersonal(feature.name))
    .map((feature) =>
      finding("sensitive.unmarked", {
        ...placeOfFeature(facts, feature, "sensitive"),
        message: `"${feature.name}" looks personal and is not marked sensitive.`,
      }),
    );
}
