// Escape closes the explanation that hover or focus shows; it opens again when the reader comes back.
(function () {
  "use strict";
  document.addEventListener("keydown", function (event) {
    if (event.key === "Escape") {
      document.querySelectorAll(".word:hover, .word:focus-within").forEach(function (word) {
        word.classList.add("closed");
      });
    }
  });
  ["pointerout", "focusout"].forEach(function (name) {
    document.addEventListener(name, function (event) {
      var word = event.target.closest && event.target.closest(".word.closed");
      if (word && !word.contains(event.relatedTarget)) {
        word.classList.remove("closed");
      }
    });
  });
})();
