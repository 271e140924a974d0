// The keyboard: `/` finds, `?` helps, `g` and a letter opens a room, and any element with data-key is one press away.
"use strict";
(() => {
  const GO_WITHIN_MS = 1200;
  let going = -Infinity;

  const writing = (element) =>
    element.isContentEditable || element.matches("input:not([type=checkbox], [type=radio]), textarea, select");

  const visible = (element) => element.getClientRects().length > 0;

  const find = (attribute, key) =>
    [...document.querySelectorAll(`[${attribute}]`)].find(
      (element) => element.getAttribute(attribute).toLowerCase() === key && (visible(element) || attribute === "data-go"),
    );

  const press = (element) => {
    if (element.matches("input, select, textarea")) {
      element.focus();
      element.select?.();
    } else {
      element.click();
    }
  };

  const help = document.getElementById("keys");

  // The overlay lists what the page offers now: read from the page itself, so that it cannot be wrong.
  const fill = () => {
    const list = help.querySelector("dl");
    list.replaceChildren();
    const rows = new Map([["?", "This help"]]);
    for (const element of document.querySelectorAll("[data-key][data-key-label]")) {
      if (visible(element)) rows.set(element.dataset.key.toUpperCase(), element.dataset.keyLabel);
    }
    for (const element of document.querySelectorAll(".rail [data-go]")) {
      rows.set(`G ${element.dataset.go.toUpperCase()}`, element.dataset.goLabel);
    }
    for (const [keys, label] of rows) {
      const term = document.createElement("dt");
      for (const key of keys.split(" ")) {
        const box = document.createElement("kbd");
        box.textContent = key;
        term.append(box, " ");
      }
      const words = document.createElement("dd");
      words.textContent = label;
      list.append(term, words);
    }
  };

  const openHelp = () => {
    if (help === null || help.open) return;
    fill();
    help.showModal();
  };

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (document.querySelector("dialog[open]") || writing(event.target)) return;
    const key = event.key.toLowerCase();
    const goes = event.timeStamp - going < GO_WITHIN_MS;
    going = -Infinity;
    const element = goes ? find("data-go", key) : find("data-key", key);
    if (element) {
      event.preventDefault();
      press(element);
    } else if (key === "g" && !event.shiftKey) {
      going = event.timeStamp;
    } else if (key === "?") {
      event.preventDefault();
      openHelp();
    }
  });

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-open-keys]")) openHelp();
    if (event.target.closest("[data-close]") || event.target === help) event.target.closest("dialog")?.close();
  });
})();
