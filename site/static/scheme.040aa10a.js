// Light or dark by choice: the system's until the reader says otherwise, then what was said.
(function () {
  "use strict";
  var root = document.documentElement;
  var dark = window.matchMedia("(prefers-color-scheme: dark)");

  function remembered() {
    try {
      return localStorage.getItem("scheme") || "";
    } catch (refused) {
      return "";
    }
  }

  function remember(scheme) {
    try {
      localStorage.setItem("scheme", scheme);
    } catch (refused) {
      // Storage is off: the choice holds for this page.
    }
  }

  function apply(scheme) {
    if (scheme === "light" || scheme === "dark") {
      root.setAttribute("data-scheme", scheme);
    }
  }

  function present() {
    return root.getAttribute("data-scheme") || (dark.matches ? "dark" : "light");
  }

  apply(remembered());

  document.addEventListener("DOMContentLoaded", function () {
    var button = document.querySelector(".scheme");
    if (!button) {
      return;
    }
    function label() {
      button.textContent = present() === "dark" ? "Light" : "Dark";
      button.setAttribute("aria-label", button.textContent + " colours");
    }
    button.addEventListener("click", function () {
      apply(present() === "dark" ? "light" : "dark");
      remember(present());
      label();
    });
    dark.addEventListener("change", label);
    label();
    button.hidden = false;
  });
})();
