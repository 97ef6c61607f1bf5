import { join } from "node:path";
import { readBytes } from "../../adapters/folder/index.ts";
import { BatonError, type Finding, messageOf } from "../../kernel/index.ts";
import { type Review, reviewFinding } from "../../relay/index.ts";
import { readMaterial } from "../../watch/index.ts";
import { largestMaterial } from "./review-file.ts";

/** Reviews whose files are looked at: the newest. */
const mostReviews = 100;

/**
 * What is no longer what was signed: signed material in `reviews/` that was changed, in itself or together with its page.
 * A file that is not here says nothing: who signed it has it. Two clones may have signed different material under one name:
 * either is in order.
 */
export async function alteredMaterials(home: string, reviews: readonly Review[]): Promise<Finding[]> {
  const findings: Finding[] = [];
  const files = [...new Set(reviews.map(({ file }) => file))];
  for (const file of files.slice(-mostReviews)) {
    const signed = reviews.filter((review) => review.file === file);
    const problem = await problemOf(join(home, "reviews", file), signed);
    if (problem !== undefined) findings.push(altered(signed.at(-1)!, problem));
  }
  return findings;
}

async function problemOf(stem: string, signed: readonly Review[]): Promise<string | undefined> {
  try {
    const json = await textOf(`${stem}.json`);
    if (json === undefined) return undefined;
    const head = readMaterial(json, await textOf(`${stem}.md`));
    if ("problem" in head) return head.problem;
    const known = signed.some(({ digest }) => digest === head.digest);
    return known ? undefined : "holds other content than what was signed";
  } catch (thrown) {
    return `cannot be read: ${messageOf(thrown)}`;
  }
}

async function textOf(path: string): Promise<string | undefined> {
  try {
    return Buffer.from(await readBytes(path, { maxBytes: largestMaterial })).toString("utf8");
  } catch (thrown) {
    if (thrown instanceof BatonError && thrown.code === "file-missing") return undefined;
    throw thrown;
  }
}

function altered({ file, digest, signatures }: Review, problem: string): Finding {
  const who = signatures.map(({ person, role }) => `${person} as ${role}`).join(" and ");
  return reviewFinding("relay.material-edited", {
    file: `reviews/${file}.json`,
    expected: digest.slice(0, 12),
    message: `reviews/${file} was signed by ${who}, and ${problem}.`,
  });
}
