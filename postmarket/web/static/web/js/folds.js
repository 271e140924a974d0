// An opened fold stands in the address: reload, back and a sent link show what was open. Menus close as menus do.
"use strict";
(() => {
  const NAME = "open";

  document.addEventListener(
    "toggle",
    (event) => {
      const fold = event.target;
      if (!fold.matches?.("details.fold[id]")) return;
      const url = new URL(location.href);
      const others = url.searchParams.getAll(NAME).filter((id) => id !== fold.id);
      url.searchParams.delete(NAME);
      for (const id of fold.open ? [...others, fold.id] : others) url.searchParams.append(NAME, id);
      if (url.href !== location.href) history.replaceState(history.state, "", url);
    },
    true,
  );

  const menus = () => document.querySelectorAll("details.menu[open], details.more[open]");

  document.addEventListener("click", (event) => {
    for (const menu of menus()) if (!menu.contains(event.target)) menu.open = false;
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of menus()) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });

  // What is printed is whole.
  addEventListener("beforeprint", () => {
    for (const fold of document.querySelectorAll("details.fold:not([open])")) {
      fold.dataset.printed = "";
      fold.open = true;
    }
  });
  addEventListener("afterprint", () => {
    for (const fold of document.querySelectorAll("details.fold[data-printed]")) {
      delete fold.dataset.printed;
      fold.open = false;
    }
  });
})();
