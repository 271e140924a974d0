// What the site says without being asked: that it works on something, that something was saved, that it failed.
"use strict";
(() => {
  const STAYS_MS = 9000;
  const root = document.documentElement;
  const toasts = document.getElementById("toasts");
  let running = 0;

  const busy = (change) => {
    running = Math.max(0, running + change);
    root.classList.toggle("busy", running > 0);
  };

  const leaves = (toast) => {
    if (toast.classList.contains("error")) return;
    let timer = 0;
    const wait = () => (timer = setTimeout(() => toast.remove(), STAYS_MS));
    const hold = () => clearTimeout(timer);
    toast.addEventListener("pointerenter", hold);
    toast.addEventListener("focusin", hold);
    toast.addEventListener("pointerleave", wait);
    toast.addEventListener("focusout", wait);
    wait();
  };

  const say = (words) => {
    const toast = document.getElementById("toast-blank").content.firstElementChild.cloneNode(true);
    toast.querySelector("span").textContent = words;
    toasts.append(toast);
  };

  toasts.querySelectorAll(".toast-line").forEach(leaves);
  new MutationObserver((changes) => {
    for (const change of changes) {
      for (const node of change.addedNodes) if (node.matches?.(".toast-line")) leaves(node);
    }
  }).observe(toasts, { childList: true });
  toasts.addEventListener("click", (event) => {
    if (event.target.closest("[data-dismiss]")) event.target.closest(".toast-line").remove();
  });

  const body = document.body;
  body.addEventListener("htmx:beforeRequest", () => busy(1));
  body.addEventListener("htmx:afterRequest", () => busy(-1));
  body.addEventListener("htmx:sendError", () => say("The site could not be reached. Nothing was changed; try again."));
  body.addEventListener("htmx:timeout", () => say("The site took too long to answer. Reload to see what was done."));
  body.addEventListener("htmx:responseError", (event) => {
    const words = event.detail.xhr.getResponseHeader("X-Error");
    say(words ? decodeURIComponent(words) : "That did not work. Nothing was changed.");
  });
  document.addEventListener("submit", (event) => {
    if (!event.defaultPrevented && !event.target.closest("[hx-boost=true]")) busy(1);
  });
  addEventListener("pageshow", () => busy(-running));
})();
