import type { FindingCatalogue } from "../../../kernel/index.ts";
import { bothTeams, everywhere } from "./places.ts";

/** What people write: owners, use, reviews, story. */
export const proseFindings = {
  "owners.placeholder": {
    title: "An owner is a placeholder",
    what: "An owner's address is a word such as TODO, TBD or changeme.",
    why: "At night somebody will look for this address.",
    mend: "Write the address of a team that answers.",
    severity: "blocking",
    where: everywhere,
  },
  "owners.not-an-address": {
    title: "An owner cannot be reached",
    what: "The owner is neither a mail address, nor a URL, nor a channel such as `#ml-platform`.",
    why: "A name without an address is a search at three in the morning.",
    mend: "Write a mail address, a URL or a channel that starts with `#` or `@`.",
    severity: "warning",
    where: everywhere,
  },
  "owners.same": {
    title: "Both teams have the same address",
    what: "`owners.builds` and `owners.runs` are the same.",
    why: "A hand-over to oneself has no second pair of eyes; `critical` wants two people.",
    mend: "Name the team that runs the model, or lower the level.",
    severity: "warning",
    where: everywhere,
  },
  "prose.placeholder": {
    title: "A text is a placeholder",
    what: "A text that people will rely on still says TODO, TBD, changeme or lorem ipsum.",
    why: "It was meant to be written, and the reader cannot know what.",
    mend: "Write the text, or remove the field if the level does not ask for it.",
    severity: "blocking",
    where: everywhere,
  },
  "review.before-labels": {
    title: "The first review comes before the first label",
    what: "`review.first` is shorter than `labels.arrive-after`.",
    why: "At that review no performance can be known, only estimated.",
    mend: "Set `review.first` to more than `labels.arrive-after`.",
    severity: "note",
    where: everywhere,
  },
  "sensitive.unmarked": {
    title: "A feature looks personal and is not marked sensitive",
    what: "The feature's name is one that usually holds personal data, and `sensitive` is not true.",
    why: "Values of unmarked features stand in error replies, samples and logs.",
    mend: "Set `sensitive: true`; if it is not personal, choose a name that does not look like it.",
    severity: "warning",
    where: everywhere,
  },
  "story.missing": {
    title: "There is no story",
    what: "The folder has no `story/*.md` with a word in it.",
    why: "Numbers tell how well the model does; only people can tell why it was made so.",
    mend: "Write `story/why.md`: what was tried, what was left out, what you would watch.",
    severity: "warning",
    where: bothTeams,
  },
} as const satisfies FindingCatalogue;
