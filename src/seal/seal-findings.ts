import { type FindingCatalogue, findingMaker } from "../kernel/index.ts";

/** What can be wrong with a sealed baton. */
export const sealFindings = {
  "baton.malformed": {
    title: "Not a baton in canonical form",
    what: "The file is not a tar archive of exactly the form that `baton seal` writes, or a part of it is missing.",
    why: "There is one way to write a baton, so that no byte of it can carry what nobody signed.",
    mend: "Get the file again from whoever sealed it; do not repack it with another program.",
    severity: "blocking",
    where: ["builder", "acceptor", "server"],
  },
  "baton.altered": {
    title: "Bytes differ from what was sealed",
    what: "A file in the baton is not the one that its seal names, or one was added, removed or renamed.",
    why: "What was tested and accepted is no longer what is there.",
    mend: "Do not use the file. Get it again from whoever sealed it, and find out who changed it.",
    severity: "blocking",
    where: ["builder", "acceptor", "server"],
  },
  "baton.unsigned": {
    title: "Nobody vouches for the baton",
    what: "The baton has no model signature, or its seal carries no signature.",
    why: "Without a signature anyone can have made it. Only a sketch may do without.",
    mend: "Seal it again with a key: baton seal --key FILE.",
    severity: "blocking",
    where: ["builder", "acceptor", "server"],
  },
  "baton.unknown-key": {
    title: "Signed by a key that does not count",
    what: "The key that signed is not in the people file, or was not valid or was revoked at the time.",
    why: "A signature by someone unknown is worth as much as none. People are never taken from the baton itself.",
    mend: "Name the people file both teams review (--people FILE, or .baton/people.yaml here or above). Where it lacks the key, ask the signer for its id over another channel.",
    severity: "blocking",
    where: ["builder", "acceptor", "server"],
  },
  "baton.signature-unreadable": {
    title: "The model signature is not one",
    what: "`model.sig` is not an OpenSSF Model Signing v1.0 bundle with one ECDSA signature, or has parts beyond it.",
    why: "What is not understood completely is not trusted.",
    mend: "Seal it again, or sign content/ with a client of OpenSSF Model Signing v1.0.",
    severity: "blocking",
    where: ["builder", "acceptor", "server"],
  },
  "baton.signature-invalid": {
    title: "A signature does not verify",
    what: "The signature is not by the key it names over what it says.",
    why: "The signature, its text or the name of its key was changed, or copied from elsewhere.",
    mend: "Do not use the file. Get it again from whoever sealed it.",
    severity: "blocking",
    where: ["builder", "acceptor", "server"],
  },
  "baton.signature-differs": {
    title: "The signature is over other content",
    what: "The files that the model signature lists are not the files of the content.",
    why: "The signer vouched for something else, such as the version before.",
    mend: "Seal the folder again, so that the signature is over what is there.",
    severity: "blocking",
    where: ["builder", "acceptor", "server"],
  },
  "baton.sealed-ahead": {
    title: "Sealed in the future",
    what: "The time in the seal is later than this machine's clock.",
    why: "Keys are judged at the time of sealing; a time that has not come cannot be judged.",
    mend: "Set the clock of this machine, or have the baton sealed again on one with the right time.",
    severity: "blocking",
    where: ["builder", "acceptor", "server"],
  },
  "baton.entry-unreadable": {
    title: "Evidence or a relay entry is not an envelope",
    what: "A file under evidence/ or relay/ is not a DSSE envelope.",
    why: "It says nothing that could be checked, and has no place in a baton.",
    mend: "Remove the file from the folder and seal again; baton test and the relay commands write these files.",
    severity: "blocking",
    where: ["builder", "acceptor", "server"],
  },
} as const satisfies FindingCatalogue;

/** Makes one finding of this stage. */
export const sealFinding = findingMaker(sealFindings);
