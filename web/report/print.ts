import { paperChanged } from "./dom.ts";

/** On paper everything is open, light and as wide as a page: paper cannot be clicked, and charts are drawn again to fit. */
export function followPrinting(): void {
  let opened: HTMLDetailsElement[] = [];
  const layOut = (paper: boolean) => {
    document.documentElement.classList.toggle("paper", paper);
    if (paper) opened = [...document.querySelectorAll("details")].filter((details) => !details.open);
    for (const details of opened) details.open = paper;
    document.dispatchEvent(new Event(paperChanged));
  };
  addEventListener("beforeprint", () => layOut(true));
  addEventListener("afterprint", () => layOut(false));
}
