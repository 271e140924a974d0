// Triage by keyboard: J and K move through the list, the pane follows, and so does the address.
"use strict";
(() => {
  const panes = document.querySelector(".two-pane.triage");
  const picks = () => [...document.querySelectorAll(".pick")];
  const current = () => document.querySelector(".pick[aria-current]");

  const mark = (pick) => {
    for (const other of picks()) other.removeAttribute("aria-current");
    pick.setAttribute("aria-current", "true");
    pick.scrollIntoView({ block: "nearest" });
  };

  document.addEventListener("click", (event) => {
    const pick = event.target.closest(".pick");
    if (pick && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      mark(pick);
      panes?.classList.add("reading");
    }
    const move = event.target.closest("[data-move]");
    if (!move) return;
    const all = picks();
    const next = all[all.indexOf(current()) + Number(move.dataset.move)];
    if (next) next.click();
  });

  // Selecting: X on the finding that is read; the bar below says how many and answers them as one.
  const boxes = () => [...document.querySelectorAll(".pick-row > input")];
  const bar = document.querySelector("[data-bulk]");
  const count = () => {
    if (!bar) return;
    const chosen = boxes().filter((box) => box.checked).length;
    bar.hidden = chosen === 0;
    bar.querySelector("[data-bulk-count]").textContent = `${chosen} selected`;
  };
  document.addEventListener("change", (event) => {
    if (event.target.matches(".pick-row > input")) count();
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-select]")) current()?.closest(".pick-row").querySelector("input")?.click();
    if (event.target.closest("[data-bulk-clear]")) {
      for (const box of boxes()) box.checked = false;
      count();
    }
  });
  addEventListener("pageshow", count);

  // An answer that opens is filled in at once; Escape closes it.
  document.addEventListener(
    "toggle",
    (event) => {
      if (!event.target.matches?.("details.answer") || !event.target.open) return;
      event.target.querySelector("textarea, input:not([type=hidden])")?.focus();
    },
    true,
  );
  document.addEventListener("keydown", (event) => {
    const answer = event.target.closest?.("details.answer");
    if (event.key !== "Escape" || !answer) return;
    answer.open = false;
    answer.querySelector("summary").focus();
  });

  // The pane came: it is read from its beginning, also on a phone, where it stands in the list's place.
  document.body.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target.id !== "pane") return;
    event.detail.target.scrollTop = 0;
    if (getComputedStyle(document.getElementById("picks")).display === "none") scrollTo(0, 0);
  });

  // A choice narrows at once; what is not chosen does not stand in the address.
  for (const form of document.querySelectorAll("[data-narrows]")) {
    form.addEventListener("change", () => form.requestSubmit());
    form.addEventListener("submit", () => {
      for (const field of form.elements) if (field.name && !field.value) field.disabled = true;
    });
  }
})();
