// Pages work without this. It keeps a region with data-live up to date, and tries rules while they are typed.
"use strict";

// Whoever has the keyboard in a region is not disturbed there.
const busy = (region) => region.contains(document.activeElement);

const refresh = async (region, answer) => {
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.getElementById(region.id);
  if (fresh) region.replaceWith(fresh);
  return fresh;
};

const watch = (region) => {
  const seconds = Number(region.dataset.live);
  if (!seconds) return;
  setTimeout(async () => {
    try {
      const answer = document.hidden || busy(region) ? null : await fetch(location.href);
      watch((answer?.ok && (await refresh(region, answer))) || region);
    } catch {
      watch(region); // The server may be back the next time.
    }
  }, seconds * 1000);
};

document.querySelectorAll("[data-live]").forEach(watch);

document.querySelectorAll("form[data-try]").forEach((form) => {
  let timer, running;
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(async () => {
      running?.abort();
      running = new AbortController();
      const body = new FormData(form);
      body.set("action", "try");
      try {
        // A button of the form is called "action", too: form.action would be that.
        const answer = await fetch(form.getAttribute("action"), { method: "POST", body, signal: running.signal });
        await refresh(document.getElementById(form.dataset.try), answer);
      } catch (error) {
        if (error.name !== "AbortError") throw error;
      }
    }, 600);
  });
});
