/** On paper everything that can be opened is open: tables stand behind charts, and paper cannot be clicked. */
export function openForPrint(): void {
  let opened: HTMLDetailsElement[] = [];
  const open = () => {
    opened = [...document.querySelectorAll("details")].filter((details) => !details.open);
    for (const details of opened) details.open = true;
  };
  const close = () => {
    for (const details of opened) details.open = false;
  };
  addEventListener("beforeprint", open);
  addEventListener("afterprint", close);
}
