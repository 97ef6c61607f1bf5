import { type FindingCatalogue, type FindingKind, findingMaker } from "../kernel/index.ts";

const everywhere = ["builder", "acceptor", "server"] as const;
type Text = Omit<FindingKind, "severity" | "where">;
const blocking = (text: Text): FindingKind => ({ ...text, severity: "blocking", where: everywhere });
const warning = (text: Text): FindingKind => ({ ...text, severity: "warning", where: everywhere });
const note = (text: Text): FindingKind => ({ ...text, severity: "note", where: everywhere });

/** Findings about a step that somebody wants to take. */
export const signOffFindings = {
  "relay.not-authorised": blocking({
    title: "This key may not do this",
    what: "The key is unknown, not in force, or its person holds no role that may take this step for this model.",
    why: "Who may offer, accept and deploy is agreed in .baton/people.yaml and nowhere else.",
    mend: "Sign with another key (--key), or change .baton/people.yaml through review.",
  }),
  "relay.owed": blocking({
    title: "Something is missing before this can be offered",
    what: "A check found something blocking; the message says what it is and who owes it.",
    why: "An offer that lacks something is returned; finding it here saves both teams the round.",
    mend: "Mend what the finding says, then run `baton check` again.",
  }),
  "relay.not-shown": blocking({
    title: "A clause is not shown to hold",
    what: "Its test failed, was not run, or its evidence is stale or foreign.",
    why: "A promise without evidence is a hope. Not-run is not pass.",
    mend: "Run `baton test`; where the clause cannot hold for now, its owner can sign `baton waive`.",
  }),
  "relay.waived": warning({
    title: "A clause is waived",
    what: "Its owner signed that it need not hold for a time.",
    why: "A waiver is shown wherever the clause is, and never as a pass.",
    mend: "Mend the clause before the waiver ends.",
  }),
  "relay.version-taken": blocking({
    title: "This version was accepted with other content",
    what: "The same version number stands for another content digest that was accepted.",
    why: "Callers and logs name versions; two contents under one number cannot be told apart.",
    mend: "Raise `model.version`; `baton diff OLD NEW` says to what.",
  }),
  "relay.already-offered": note({
    title: "This content is already on offer",
    what: "The same content was offered before and has not been returned.",
    why: "A second offer changes nothing.",
    mend: "Wait for the acceptance, or ask for it.",
  }),
  "relay.nobody-to-accept": warning({
    title: "Nobody can accept this",
    what: "No person with a key in force holds `runs` for this model.",
    why: "The offer would wait for nobody.",
    mend: "Add the acceptor's key: baton key new NAME --role runs --add .baton/people.yaml.",
  }),
  "relay.not-offered": blocking({
    title: "There is no open offer of this content",
    what: "This content was never offered, or its offer was returned, or two offers contradict each other.",
    why: "An acceptance answers an offer; any changed byte of content needs a new one.",
    mend: "Ask the builders to run `baton offer`; check that both sides have the same relay folder.",
  }),
  "relay.ended": blocking({
    title: "This content was recalled or retired",
    what: "Somebody signed that it must not, or need not, be used any more.",
    why: "A recall blocks new acceptances and deployments; it does not stop what already runs.",
    mend: "Use another version; what was recalled comes back as a new version only.",
  }),
  "relay.not-rerun": blocking({
    title: "A clause was not tested on the acceptor's side",
    what: "It is shown by evidence of others only.",
    why: "Who runs the model must have seen it work where it will run.",
    mend: "Run `baton accept` with the runner's key: it runs parity, tests and budget again.",
  }),
  "relay.not-acknowledged": blocking({
    title: "A stated clause is not acknowledged",
    what: "Only people can keep this clause, and the acceptor has not named it.",
    why: "What no machine checks must be read by the person who answers for it.",
    mend: "Read the clause and add `--acknowledge` with its id.",
  }),
  "relay.unknown-clause": blocking({
    title: "There is no such clause",
    what: "The id names no clause of this contract.",
    why: "A misspelt id would acknowledge or waive nothing.",
    mend: "Take the id from `baton clauses`.",
  }),
  "relay.self-accepted": warning({
    title: "One person offers and accepts",
    what: "Who accepts has also offered this content. At `critical` this is refused.",
    why: "The second pair of eyes is the point of a hand-over; where there is none it must show.",
    mend: "Let another person with the role `runs` accept.",
  }),
  "relay.owner-not-accepted": blocking({
    title: "The owner has not accepted a changed clause",
    what: "A clause that belongs to another role changed, and nobody in that role accepted it.",
    why: "A looser gate breaks no caller; whether it is good enough is for its owner to say.",
    mend: "Ask the owner to run `baton accept --role ROLE --acknowledge CLAUSE`.",
  }),
  "relay.not-clause-owner": blocking({
    title: "The clause belongs to another role",
    what: "Only the owner of a clause can waive it or accept it in that role.",
    why: "Nobody gives away what is not theirs.",
    mend: "Ask the owner that the message names.",
  }),
  "relay.reason-missing": blocking({
    title: "There is no usable reason",
    what: "A return needs a known code, and a note in words for each; a recall or waiver needs a note.",
    why: "The other side must know what to do next.",
    mend: "Add `--reason CODE --note TEXT`, and `--clause ID` where it is about one.",
  }),
  "relay.waiver-too-long": blocking({
    title: "A waiver has no usable end",
    what: "It ends in the past, or more than 90 days from now.",
    why: "A waiver without an end is a changed contract that nobody accepted.",
    mend: "Give `--until` a day within 90 days, or change the clause and offer a new version.",
  }),
  "relay.not-accepted": blocking({
    title: "This content is not accepted",
    what: "Nobody in the role `runs` accepted it, it was returned, its acceptance is contested, or at `critical` one person stands on both sides.",
    why: "Only what its runners have accepted goes to callers.",
    mend: "Run `baton accept`, or `baton status` to see what is missing.",
  }),
  "relay.recalled": blocking({
    title: "This content was recalled",
    what: "Somebody signed that it must not be used.",
    why: "It blocks new deployments and shows everywhere; a running replica may restart.",
    mend: "Deploy another version, or roll back.",
  }),
  "relay.environment-unusable": blocking({
    title: "The environment's name cannot be used",
    what: "An environment is a lower-case word with digits and hyphens, at most 64 characters.",
    why: "It names a file in ops/ and stands in signed entries.",
    mend: "Write it like `production` or `eu-west-1`.",
  }),
  "relay.already-deployed": note({
    title: "This content already runs there",
    what: "The environment's current deployment is this content.",
    why: "A second entry changes nothing but the date.",
    mend: "Nothing to do.",
  }),
  "relay.callers-break": blocking({
    title: "Callers of the newer contract would break",
    what: "Going back takes away something that callers of the newer version may rely on.",
    why: "A roll-back that breaks callers replaces one incident by another.",
    mend: "Ask those callers to go back first, or roll back to a version whose contract they can still call.",
  }),
  "relay.never-ran-there": warning({
    title: "The target never ran in this environment",
    what: "It is accepted, and no deployment of it to this environment is on record.",
    why: "A roll-back promises something known; this would be new there.",
    mend: "Look at `baton log` for what ran there, or sign a deployment instead.",
  }),
  "relay.countersignature-due": warning({
    title: "A countersignature is due",
    what: "A roll-back needs one signature at night and a second person's look by day.",
    why: "Nobody should be able to change what runs without a colleague knowing it.",
    mend: "Let another person sign `baton countersign ENTRY`.",
  }),
  "relay.still-deployed": blocking({
    title: "This content still runs somewhere",
    what: "It is the current deployment of an environment.",
    why: "Retiring says that nobody needs it any more.",
    mend: "Deploy another version there first; use `baton recall` if it must not be used.",
  }),
  "relay.nothing-to-resolve": blocking({
    title: "There is no such fork",
    what: "The entries are not two sides of an open contradiction.",
    why: "A resolution decides between decisions that exist.",
    mend: "Take the two ids from `baton status`.",
  }),
  "relay.nothing-to-countersign": blocking({
    title: "There is no such roll-back to countersign",
    what: "The entry is not a roll-back that waits for a second person.",
    why: "A countersignature confirms one roll-back of somebody else.",
    mend: "Take the id from `baton status`.",
  }),
} satisfies FindingCatalogue;

/** Makes findings of {@link signOffFindings}. */
export const signOffFinding = findingMaker(signOffFindings);
