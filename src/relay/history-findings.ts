import { type FindingCatalogue, type FindingKind, findingMaker } from "../kernel/index.ts";

const everywhere = ["builder", "acceptor", "server"] as const;
const blocking = (kind: Omit<FindingKind, "severity" | "where">): FindingKind => ({
  ...kind,
  severity: "blocking",
  where: everywhere,
});
const restore = "Restore the file from version control (`git log -- relay/`) and ask whoever changed it.";

/** Findings about the history itself. */
export const historyFindings = {
  "relay.malformed": blocking({
    title: "A file in the relay folder is not an entry",
    what: "Its name is not NNNN-ACTION-HASH.json, or it is not a canonical, signed statement with known fields.",
    why: "Whatever is read loosely can be written in two ways; an entry has exactly one form.",
    mend: `${restore} If it was written by a newer Baton, use that one.`,
  }),
  "relay.edited": blocking({
    title: "An entry was edited",
    what: "The signature does not hold for what the file says.",
    why: "Somebody changed what was signed, or signed with another key than the file names.",
    mend: restore,
  }),
  "relay.renamed": blocking({
    title: "An entry has another file's name",
    what: "Number, action or hash in the name differ from what the file holds.",
    why: "Names order the folder for people; a wrong one hides an entry or shows it twice.",
    mend: "Give the file back the name that the message says.",
  }),
  "relay.duplicate": blocking({
    title: "Two entries have one name",
    what: "Two different entries have the same number, action and first 12 digits of their id.",
    why: "Only one of them fits into a folder, so that two machines would hold different histories. It does not happen by chance.",
    mend: "Ask the signer to sign one of the two again.",
  }),
  "relay.too-many": blocking({
    title: "Too many entries",
    what: "The folder holds more than 5000 files.",
    why: "A history of people's decisions is never that long; reading it would be a way to stall a server.",
    mend: "Remove what does not belong into the relay folder.",
  }),
  "relay.other-model": blocking({
    title: "An entry is about another model",
    what: "The entry names another model than the rest of the history.",
    why: "One history per model: an acceptance of one must never be read as one of the other.",
    mend: "Move the file to the relay folder of its own model.",
  }),
  "relay.unknown-key": blocking({
    title: "An entry is signed by an unknown key",
    what: "The key is not in the people file, or stands there twice.",
    why: "Nobody answers for it.",
    mend: "Add the key to .baton/people.yaml through review, or remove the entry. Keys of people who left stay in the file, with `revoked`.",
  }),
  "relay.key-not-valid": blocking({
    title: "A key was not in force when it signed",
    what: "By its own date the entry was signed before the key began, after it ended, or after it was revoked.",
    why: "Validity that is not checked is none.",
    mend: "Remove the entry and let somebody with a key in force sign again.",
  }),
  "relay.unwitnessed": blocking({
    title: "An entry by a revoked key that nobody has built on",
    what: "The key was revoked later, no other key's entry stands on this one, and this machine had not seen it before.",
    why: "Whoever stole the key could have written it afterwards with an earlier date.",
    mend: "Let somebody with a key in force sign this decision again, and remove the entry.",
  }),
  "relay.wrong-person": blocking({
    title: "An entry names another person than its key",
    what: "The key belongs to somebody else than the entry says.",
    why: "A signature speaks for its owner only.",
    mend: "Remove the entry and let the person named sign with their own key.",
  }),
  "relay.wrong-role": blocking({
    title: "An entry is signed in a role that may not do this",
    what: "The person does not hold the role for this model, the role may not take this action, or the key is a service's.",
    why: "Who may offer, accept and deploy is agreed in the people file and nowhere else.",
    mend: "Remove the entry and let somebody with the right role sign.",
  }),
  "relay.missing-parent": blocking({
    title: "An entry is missing",
    what: "An entry stands on another one that is not in the folder.",
    why: "Something was removed from the middle of the history, or a merge is incomplete.",
    mend: "Fetch the missing file: `git pull`, or restore it from version control.",
  }),
  "relay.rests-on-refused": blocking({
    title: "An entry stands on one that does not count",
    what: "One of its parents was refused.",
    why: "What it decided was decided on something that nobody vouches for.",
    mend: "Mend the parent first; if it cannot be mended, sign this decision again.",
  }),
  "relay.wrong-sequence": blocking({
    title: "An entry has the wrong number",
    what: "Its number is not one more than the largest of its parents.",
    why: "The order of the files must be the order of the decisions.",
    mend: "Remove the entry and sign again with the `baton` command.",
  }),
  "relay.back-dated": blocking({
    title: "An entry is older than what it stands on",
    what: "Its time is before the time of one of its parents.",
    why: "A date before the facts is how a lost key would be used.",
    mend: "Remove the entry, set the clock, and sign again.",
  }),
  "relay.future-dated": blocking({
    title: "An entry comes from the future",
    what: "Its time is more than ten minutes after now.",
    why: "It would push the date of every later entry, and its waivers would last longer.",
    mend: "Set the clocks of both machines; remove the entry and sign again.",
  }),
  "relay.out-of-turn": blocking({
    title: "An entry comes out of turn",
    what: "It answers an offer that does not exist, deploys what was not accepted, or the like.",
    why: "Each step stands on the one before; a step that skips one was not made by `baton`, or the history it stood on was cut.",
    mend: "Take the missing step, sign again, and remove the entry.",
  }),
  "relay.cut": blocking({
    title: "The end of the history is missing",
    what: "This machine has seen entries that are not in the folder any more.",
    why: "A recall or a return that is cut off would turn back into an acceptance.",
    mend: "Fetch the newest state (`git pull`); if the entries were removed there, restore them and ask who removed them.",
  }),
  "relay.forked": blocking({
    title: "Two decisions contradict each other",
    what: "Two entries that did not know each other cannot both stand.",
    why: "Until somebody decides, the careful side holds: nothing contested counts as accepted or deployed, and a recall or return does count.",
    mend: "Look at both with `baton log`, agree, and sign `baton resolve --stands ENTRY --over ENTRY`.",
  }),
} satisfies FindingCatalogue;

/** Makes findings of {@link historyFindings}. */
export const historyFinding = findingMaker(historyFindings);
