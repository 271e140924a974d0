// The board by keyboard: arrows go from card to card, up and down in a column, left and right between columns.
"use strict";
(() => {
  const lanes = () => [...document.querySelectorAll(".lane")].map((lane) => [...lane.querySelectorAll("[data-slip]")]);

  const beside = (lane, place, step, all) => {
    for (let next = lane + step; next >= 0 && next < all.length; next += step) {
      if (all[next].length > 0) return all[next][Math.min(place, all[next].length - 1)];
    }
    return undefined;
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const slip = event.target.closest?.(".slip")?.querySelector("[data-slip]");
    if (!slip) return;
    const all = lanes();
    const lane = all.findIndex((cards) => cards.includes(slip));
    const place = all[lane].indexOf(slip);
    const to = {
      ArrowUp: () => all[lane][place - 1],
      ArrowDown: () => all[lane][place + 1],
      ArrowLeft: () => beside(lane, place, -1, all),
      ArrowRight: () => beside(lane, place, 1, all),
    }[event.key]?.();
    if (!to) return;
    event.preventDefault();
    to.focus();
  });
})();
