/** The element that the page was made with. */
export function byId<Kind extends HTMLElement = HTMLElement>(id: string): Kind | undefined {
  return (document.getElementById(id) as Kind | null) ?? undefined;
}

type Content = Node | string | undefined | false;

/** A new element. Text becomes text, never markup. */
export function make<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Readonly<Record<string, string | number>> = {},
  ...content: readonly Content[]
): HTMLElementTagNameMap[Name] {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  element.append(...content.filter((one): one is Node | string => one !== undefined && one !== false));
  return element;
}

/** A new element of a drawing. */
export function draw(name: string, attributes: Readonly<Record<string, string | number>>): SVGElement {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  return element;
}

/** A colour of the style sheet, as it is now: light, dark or on paper. */
export function colour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

/** Calls back with the width of an element: now, and whenever it, the colours or the paper change. */
export function onLook(element: HTMLElement, draw: (width: number) => void): void {
  let known = -1;
  const look = (again: boolean) => {
    const width = Math.floor(element.clientWidth);
    if (width === 0 || (width === known && !again)) return;
    known = width;
    draw(width);
  };
  look(false);
  new ResizeObserver(() => look(false)).observe(element);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => look(true));
  document.addEventListener(paperChanged, () => look(true));
}

/** Sent when the page was laid out for paper, and when it was laid out for the screen again. */
export const paperChanged = "paper-changed";
