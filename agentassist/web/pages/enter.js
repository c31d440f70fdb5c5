"use strict";

// Unlike a cookie, this is for pages of this very port alone. The address loses its token.
localStorage.setItem("agentassist", document.currentScript.dataset.key);
location.replace("/");
