// Keys for people who read all day. Every page works without this file.
"use strict";
(() => {
  const items = () => [...document.querySelectorAll("[data-item]")];
  const link = (item) => item.querySelector("h3 a");
  const dialog = document.getElementById("keys");

  const move = (by) => {
    const all = items();
    if (all.length === 0) return;
    const now = all.findIndex((i) => i.contains(document.activeElement));
    const next = now < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(Math.max(now + by, 0), all.length - 1);
    link(all[next]).focus({ preventScroll: true });
    all[next].scrollIntoView({ block: "nearest" });
  };

  document.addEventListener("keydown", (e) => {
    if (e.ctrlKey || e.metaKey || e.altKey || e.isComposing) return;
    if (e.target.closest("input, textarea, select") || dialog.open) return;
    switch (e.key) {
      case "/": {
        const box = document.getElementById("q");
        if (!box) { location.assign("/"); break; }
        box.focus();
        box.select();
        break;
      }
      case "j": move(1); break;
      case "k": move(-1); break;
      case "?": dialog.showModal(); break;
      default: return;
    }
    e.preventDefault();
  });

  // The report's frame grows to the length of the report.
  const frame = document.getElementById("document");
  if (frame) {
    const fit = () => { if (frame.contentDocument) frame.height = frame.contentDocument.documentElement.scrollHeight; };
    frame.addEventListener("load", fit);
    addEventListener("resize", fit);
    fit();
  }
})();
