// Passkeys: asks the device, puts its answer into the form, sends it. Without scripts the other ways to sign in remain.
"use strict";
(() => {
  const REFUSED = "No passkey was used. Try again, or choose another way.";
  const FAILED = "The site could not be reached. Nothing was sent; try again.";

  const options = async (form) => {
    const kept = form.dataset.options;
    if (kept) return JSON.parse(document.getElementById(kept).textContent);
    const response = await fetch(form.action, { headers: { Accept: "application/json" } });
    if (!response.ok) throw new TypeError("no options");
    return response.json();
  };

  // With the box ticked the passkey signs in by itself: it is kept on the device and asks for its owner.
  const alone = (form, asked) => {
    const box = form.querySelector("[name=passwordless]");
    if (!box) return asked;
    const selection = (asked.publicKey.authenticatorSelection ??= {});
    selection.residentKey = box.checked ? "required" : "discouraged";
    selection.requireResidentKey = box.checked;
    if (box.checked) selection.userVerification = "required";
    return asked;
  };

  const answer = async (form) => {
    const given = await options(form);
    return form.dataset.passkey === "create"
      ? webauthnJSON.create(alone(form, given.creation_options))
      : webauthnJSON.get(given.request_options);
  };

  const say = (form, words) => {
    const place = form.querySelector("[data-passkey-wrong]");
    place.textContent = words;
    place.hidden = words === "";
  };

  for (const form of document.querySelectorAll("form[data-passkey]")) {
    const button = form.querySelector("[data-passkey-ask]");
    if (!webauthnJSON.supported()) continue;
    form.hidden = false;
    button.addEventListener("click", async (event) => {
      event.preventDefault();
      if (!form.reportValidity()) return;
      say(form, "");
      button.disabled = true;
      try {
        form.querySelector("[name=credential]").value = JSON.stringify(await answer(form));
        form.requestSubmit();
      } catch (error) {
        say(form, error instanceof TypeError ? FAILED : REFUSED);
        button.disabled = false;
      }
    });
  }
})();
