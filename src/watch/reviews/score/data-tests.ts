import { idsOf, notShown, type ScoreTest, shownByEvidence } from "./score-facts.ts";

/** Features and data. */
export const dataTests: readonly ScoreTest[] = [
  {
    id: "data.schema",
    title: "What every feature may hold is written down, and held to",
    wouldShow: "enforcement evidence for every feature, run by the acceptor too",
    judge: (facts) => shownByEvidence(facts, "enforcement", idsOf(facts, "feature")),
  },
  {
    id: "data.useful",
    title: "Every feature earns its place",
    wouldShow: "a comparison with the model without each feature; Baton does not train and records none",
    judge: () => notShown("Baton does not see the model without a feature"),
  },
  {
    id: "data.cost",
    title: "No feature costs more than it gives",
    wouldShow: "cost of each feature; the budget measures the model as a whole",
    judge: () => notShown("Baton does not see what getting a feature costs"),
  },
  {
    id: "data.permitted",
    title: "Features keep to what may be used",
    wouldShow:
      "`available` for every feature, and signed evidence of the check joint.leakage (baton check --record)",
    judge(facts) {
      const open = facts.contract.features.find(({ available }) => available === undefined);
      if (open) return notShown(`nothing says when ${open.name} is known`);
      return shownByEvidence(facts, "joint.leakage", [""]);
    },
  },
  {
    id: "data.privacy",
    title: "Personal data is guarded on its way, as far as the contract goes",
    wouldShow:
      "sensitive or not for every feature, data.retention, and signed evidence of the check prose.written",
    most: 0.5,
    judge(facts) {
      const open = facts.contract.features.find(({ undecided }) => undecided?.includes("sensitive"));
      if (open) return notShown(`nobody has said whether ${open.name} is sensitive`);
      if (facts.contract.data.retention === undefined) return notShown("data.retention is not there");
      return shownByEvidence(facts, "prose.written", [""]);
    },
  },
  {
    id: "data.new-feature",
    title: "A new feature reaches service quickly",
    wouldShow: "the time from an idea to its deployment; the relay knows only when versions were offered",
    judge: () => notShown("Baton does not see when work on a feature began"),
  },
  {
    id: "data.code",
    title: "The code that makes features is tested",
    wouldShow: "golden rows with the layers raw and features, and parity evidence, run by the acceptor too",
    judge(facts) {
      const layers = facts.contract.golden?.layers ?? [];
      if (!layers.includes("raw") || !layers.includes("features"))
        return notShown("no golden rows hold both raw columns and features");
      if (!facts.contract.features.some(({ transform }) => transform !== undefined))
        return notShown("no feature has a transform that could be executed");
      return shownByEvidence(facts, "parity", ["golden"]);
    },
  },
];
