import type { FindingCatalogue } from "../../../kernel/index.ts";
import { everywhere } from "./places.ts";

/** The model file; the contract against it has its findings in `inference`. */
export const modelFindings = {
  "model.missing": {
    title: "The model file is not there",
    what: "`run.onnx` names a file that the hand-off folder does not hold.",
    why: "Nothing about inputs, outputs or quality can be shown without the model, so every other check of it is left out.",
    mend: "Put the model at the path that `run.onnx` names, or correct the path.",
    severity: "blocking",
    where: everywhere,
  },
  "model.too-large": {
    title: "The model file is too large",
    what: "The model is larger than 2 GiB, which is more than one ONNX file can hold and Baton carries.",
    why: "Protocol buffers end at 2 GiB; a file beyond it is cut or is not a model.",
    mend: "Export a smaller model: quantise it, or drop what the answer does not need.",
    severity: "blocking",
    where: everywhere,
  },
  "model.unreadable": {
    title: "The model file is not an ONNX model",
    what: "The bytes at `run.onnx` do not parse as an ONNX model with a graph.",
    why: "A cut download, a Git LFS pointer or a pickle looks like a model until somebody serves it.",
    mend: "Export the model again, and see that the file is the model itself and not a pointer to it.",
    severity: "blocking",
    where: everywhere,
  },
  "model.not-loadable": {
    title: "The runtime refuses the model",
    what: "The file is an ONNX model, but ONNX Runtime cannot make a session of it.",
    why: "What does not load here does not load on the server either.",
    mend: "Read the runtime's message, mend the export, and load the file once with onnxruntime before handing it over.",
    severity: "blocking",
    where: everywhere,
  },
  "model.external-data": {
    title: "The model keeps tensors in other files",
    what: "Some weights are not in the ONNX file but in files beside it.",
    why: "The baton carries and signs one model file; weights beside it could be exchanged or lost without anybody noticing.",
    mend: "Save the model as one file: `onnx.save(model, path, save_as_external_data=False)`.",
    severity: "blocking",
    where: everywhere,
  },
  "model.custom-operators": {
    title: "The model needs operators that the runtime does not have",
    what: "The graph imports an operator domain outside ONNX, ONNX-ML and ONNX Runtime's own.",
    why: "Custom operators are native code from elsewhere: it is not in the baton, and nobody reviewed or signed it.",
    mend: "Export with standard operators, and move the custom step to the preprocessing.",
    severity: "blocking",
    where: everywhere,
  },
  "model.opset": {
    title: "The model is newer than the runtime",
    what: "The model's operator set or IR version is higher than the runtime can load.",
    why: "The exporter knows operators that the serving runtime has not learnt yet.",
    mend: "Export again with a lower `target_opset`, or wait for a runtime that knows this one.",
    severity: "blocking",
    where: everywhere,
  },
  "model.other": {
    title: "The model is another one",
    what: "Not one of the contract's features is an input of the model.",
    why: "Contract and model are not about the same thing, so comparing them further would only be noise.",
    mend: "See that `run.onnx` names the model that this contract is about; then name features as its inputs are named.",
    severity: "blocking",
    where: everywhere,
  },
  "model.input-renamed": {
    title: "A feature and an input differ only in name",
    what: "One feature has no input and one input of the same type has no feature: most likely they are the same.",
    why: "Features reach the model by name, so the two names must be equal.",
    mend: "Write the model's name in the contract (add `from:` with the old name), or rename the input in the export.",
    severity: "blocking",
    where: everywhere,
  },
} as const satisfies FindingCatalogue;
