export { type PageAssets, reportDocument } from "./document.ts";
export { pageAssets } from "./page-assets.ts";
