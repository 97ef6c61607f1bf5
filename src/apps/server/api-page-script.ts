/** The page's only script: sends the request and shows the answer. It reads its settings from the form. */
export const script = `
const form = document.getElementById("form"), request = document.getElementById("request");
const answer = document.getElementById("answer"), status = document.getElementById("status");
for (const element of document.querySelectorAll("[data-needs-script]")) element.hidden = false;
const show = (text, kind, body) => { status.textContent = text; status.className = kind; answer.textContent = body; };
for (const button of form.querySelectorAll("[data-example]"))
  button.addEventListener("click", () => { request.value = button.dataset.example; show("", "", "Press Send."); });
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  show("sending", "", "");
  try {
    const response = await fetch(form.dataset.path, { method: "POST", body: request.value });
    const text = await response.text();
    let body = text;
    try { body = JSON.stringify(JSON.parse(text), null, 2); } catch {}
    show(response.status + (response.ok ? " answered" : " refused"), response.ok ? "good" : "bad", body);
  } catch (error) {
    show("no answer", "bad", String(error));
  }
});
`;
