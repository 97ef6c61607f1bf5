import { type FindingCatalogue, findingMaker, type Place } from "../kernel/index.ts";

const where: readonly Place[] = ["builder", "acceptor", "server"];

/** Where contract and model disagree about inputs and outputs. */
export const inferenceFindings = {
  "model.input-absent": {
    title: "The model has no input for a feature",
    what: "The contract declares a feature whose name is none of the model's inputs.",
    why: "Callers would send a value that never reaches the model.",
    mend: "Give the feature the name of the model's input, or take it out of the contract.",
    severity: "blocking",
    where,
  },
  "model.input-undeclared": {
    title: "The model wants an input that the contract does not declare",
    what: "The model cannot run without an input that is no feature of the contract.",
    why: "Every prediction would fail.",
    mend: "Declare the input as a feature, or export the model without it.",
    severity: "blocking",
    where,
  },
  "model.input-type": {
    title: "A feature has another type than the model's input",
    what: "The element type in the contract and in the model differ, or Baton does not know the model's type.",
    why: "Values would be converted silently, or the model would fail.",
    mend: "Give the feature the type that the model takes.",
    severity: "blocking",
    where,
  },
  "model.input-shape": {
    title: "A feature has another shape than the model's input",
    what: "One row's value in the contract does not have the shape that the model takes for each row.",
    why: "The model would fail, or read one row's values as another's.",
    mend: "Give the feature the shape of the model's input without its first dimension, which counts rows.",
    severity: "blocking",
    where,
  },
  "model.batch-fixed": {
    title: "The model takes a fixed number of rows",
    what: "The first dimension of a model's input or output is a fixed number greater than one.",
    why: "A request has as many rows as it has: rows would have to be invented to fill the batch.",
    mend: "Export the model with a variable first dimension.",
    severity: "blocking",
    where,
  },
  "model.output-absent": {
    title: "The model has no tensor for an output",
    what: "The contract declares an output whose tensor is none of the model's outputs.",
    why: "There would be nothing to answer.",
    mend: "Name the model's tensor under `tensor`, or give the output its name.",
    severity: "blocking",
    where,
  },
  "model.output-type": {
    title: "An output has another type than the model's tensor",
    what: "The element type in the contract and in the model differ, or Baton does not know the model's type.",
    why: "Callers would read another kind of value than they were promised.",
    mend: "Give the output the type of the tensor. Probabilities in a sequence of maps need an export with `zipmap=False`.",
    severity: "blocking",
    where,
  },
  "model.output-shape": {
    title: "An output has another shape than the model's tensor",
    what: "One row's answer in the contract does not have the shape that the model gives for each row.",
    why: "Answers would be cut or mixed between rows.",
    mend: "Give the output the shape of the tensor without its first dimension, or name one `column` of it.",
    severity: "blocking",
    where,
  },
  "model.output-column": {
    title: "An output does not say which column it is",
    what: "The model gives several numbers a row; the contract promises one and does not say which, or says one that is not there.",
    why: "The probability of the wrong class is a plausible number.",
    mend: "Add `column`, counted from 0: for [N, 2] probabilities the positive class is mostly `column: 1`.",
    severity: "blocking",
    where,
  },
} as const satisfies FindingCatalogue;

/** Makes the findings of this stage. */
export const inferenceFinding = findingMaker(inferenceFindings);
