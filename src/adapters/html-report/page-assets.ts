import { readFile } from "node:fs/promises";
import { BatonError } from "../../kernel/index.ts";
import type { PageAssets } from "./document.ts";

/** Script and style of the page, which the build lays beside the program. @throws BatonError `file-missing` before a build */
export async function pageAssets(): Promise<PageAssets> {
  const read = (name: string) => readFile(new URL(name, import.meta.url), "utf8");
  try {
    const [script, style] = await Promise.all([read("watch-page.js"), read("watch-page.css")]);
    return { script, style };
  } catch (cause) {
    throw new BatonError("file-missing", "The page's script or style is not beside this program.", {
      next: "Install baton again, or run `npm run build` in a checkout.",
      cause,
    });
  }
}
