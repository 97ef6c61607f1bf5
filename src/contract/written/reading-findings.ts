import type { FindingCatalogue } from "../../kernel/index.ts";
import { page } from "../finding-page.ts";

/** What can be wrong with the text of a contract. */
export const readingFindings = {
  "contract.too-large": page("blocking", "File too large", {
    what: "A contract or feature table is larger than its cap.",
    why: "A hand-off is read by programs and people; a file without bounds can stop both.",
    mend: "Move features into the feature table, and long prose into story/.",
  }),
  "contract.yaml-syntax": page("blocking", "Not YAML", {
    what: "The file cannot be read as one YAML 1.2 document of keys and values.",
    why: "Nothing in it can be used until it can be read.",
    mend: "Mend the line; an editor with YAML support shows it.",
  }),
  "contract.duplicate-key": page("blocking", "A key twice", {
    what: "The same key stands twice in one place.",
    why: "Readers of YAML disagree on which of the two counts.",
    mend: "Keep one of them.",
  }),
  "contract.yaml-alias": page("blocking", "Anchor, alias or merge key", {
    what: "The file uses `&`, `*` or `<<`.",
    why: "One line then stands for many: no finding can point at it, and a few lines can expand to gigabytes.",
    mend: "Write the value out where it is used.",
  }),
  "contract.yaml-tag": page("blocking", "YAML tag", {
    what: "The file uses a tag such as `!!str` or `!python`.",
    why: "Tags make readers build different things from one text.",
    mend: "Remove the tag; quote the value if it is text.",
  }),
  "contract.ambiguous-key": page("blocking", "A key that is not text to every reader", {
    what: "A key is a number, null, or one of yes, no, on, off, y, n, unquoted.",
    why: "YAML 1.1 readers turn it into true, false or a number.",
    mend: "Quote the key.",
  }),
  "contract.ambiguous-word": page("warning", "A word that some readers take for true or false", {
    what: "A value is one of yes, no, on, off, y, n, unquoted.",
    why: "Baton reads text; YAML 1.1 readers, PyYAML among them, read true or false.",
    mend: "Quote it.",
  }),
  "contract.ambiguous-number": page("blocking", "A number that is not written as one", {
    what: "A whole number has leading zeros, a sign, or another base.",
    why: "`007` as a category would silently become 7.",
    mend: "Quote it if it is text; write it plainly if it is a number.",
  }),
  "contract.digits-lost": page("blocking", "A number that loses digits", {
    what: "A number has more digits than a 64-bit float keeps, or is not finite.",
    why: "What is checked would differ from what is written.",
    mend: "Write fewer digits, or quote it if it is text.",
  }),
  "contract.unknown-key": page("blocking", "Unknown key", {
    what: "A key is not part of the contract's format.",
    why: "A misspelt promise would silently not be one.",
    mend: "Use a key that the format knows.",
  }),
  "contract.missing-key": page("blocking", "Missing key", {
    what: "A key that must always be there is not there.",
    why: "Without it the rest cannot be understood.",
    mend: "Add it.",
  }),
  "contract.wrong-type": page("blocking", "Wrong type", {
    what: "A value is text where a number is wanted, a list where text is wanted, and so on.",
    why: "It cannot be used as what it should be.",
    mend: "Write it in the form that is wanted.",
  }),
  "contract.wrong-value": page("blocking", "Wrong value", {
    what: "A value has the right type, and is not one of the allowed values or not in the allowed form.",
    why: "It cannot be used as what it should be.",
    mend: "Write it in the form that is wanted.",
  }),
  "contract.unsafe-path": page("blocking", "Path that leaves the folder", {
    what: "A path is absolute, has `..`, `.`, a backslash or an empty part.",
    why: "The same hand-off must mean the same files on every machine, and never files outside of it.",
    mend: "Write the path relative to the hand-off folder with forward slashes: model/m.onnx.",
  }),
  "contract.table-missing": page("blocking", "Feature table not found", {
    what: "The feature table that the contract names is not there.",
    why: "The features are the interface of the model.",
    mend: "Create the file, or list the features in the contract.",
  }),
  "contract.table-malformed": page("blocking", "Feature table cannot be read", {
    what: "The feature table is not CSV with a header line.",
    why: "The features are the interface of the model.",
    mend: "Save it as CSV, UTF-8, separated by commas.",
  }),
  "contract.table-column": page("blocking", "Column of the feature table", {
    what: "A column is unknown, doubled, or missing.",
    why: "A misspelt column would silently promise nothing.",
    mend: "Use the columns name, type, unit, missing, range, expected, values, unknown, missing-as, sensitive, from, transform, available, how, why, owner, shape.",
  }),
  "contract.table-cell": page("blocking", "Cell of the feature table", {
    what: "A cell cannot be read in the form of its column.",
    why: "It cannot be used as what it should be.",
    mend: "Write bounds as 0..45, categories as EWR|JFK|LGA, a shape as 28x28.",
  }),
} as const satisfies FindingCatalogue;
