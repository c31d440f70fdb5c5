"use strict";

// What was said may hold addresses. They lead nowhere from here.
window.open = () => null;

// What failed is told in words, beside what the terminal shows.
window.WebSocket = class extends WebSocket {
  constructor(...place) {
    super(...place);
    this.addEventListener("message", ({ data }) => {
      const [kind, line] = typeof data === "string" ? JSON.parse(data) : [];
      if (kind === "fault") {
        document.querySelector(".fault").textContent = line;
      }
    });
  }
};

const FONTS = ["16px", "bold 16px", "italic 16px"];
const startTerminal = window.onload;

window.onload = async (event) => {
  const terminal = document.querySelector("#terminal");
  terminal.dataset.sessionWebsocketUrl += localStorage.getItem("agentassist") ?? "none";
  // The terminal measures its letters once, when it starts.
  await Promise.allSettled(FONTS.map((font) => document.fonts.load(`${font} "Roboto Mono"`)));
  const again = document.querySelector(".closed button");
  again.addEventListener("click", () => location.reload());
  startTerminal(event);

  const typeHere = () => {
    const { classList } = document.body;
    if (classList.contains("-closed")) {
      again.focus();
    } else if (classList.contains("-loaded")) {
      terminal.querySelector(".xterm-helper-textarea").focus();
    }
  };
  new MutationObserver(typeHere).observe(document.body, { attributeFilter: ["class"] });
  window.addEventListener("focus", typeHere);
  window.addEventListener("click", typeHere);
};
