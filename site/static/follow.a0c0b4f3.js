// Marks where the reader is: the step in the ladder, the section in the contents.
// The line that decides is a quarter down the window.
(function () {
  "use strict";
  if (!("IntersectionObserver" in window)) {
    return;
  }

  // Sets aria-current on the link of the last target whose top has passed the line.
  function follow(links, value) {
    var pairs = [];
    links.forEach(function (link) {
      var target = document.getElementById(decodeURIComponent(link.hash.slice(1)));
      if (target) {
        pairs.push({ link: link, target: target });
      }
    });
    var current = null;

    function update() {
      var line = window.innerHeight / 4;
      var found = null;
      var past = true; // the end of the walk; between two steps the reader is still at the first
      pairs.forEach(function (pair) {
        var box = pair.target.getBoundingClientRect();
        past = past && box.bottom <= line;
        if (box.top <= line) {
          found = pair.link;
        }
      });
      if (past && value === "step") {
        found = null;
      }
      if (found === current) {
        return;
      }
      if (current) {
        current.removeAttribute("aria-current");
      }
      current = found;
      if (current) {
        current.setAttribute("aria-current", value);
      }
      if (value === "step") {
        unfold(current);
        reveal(current);
      }
    }

    // Each crossing of the line by a target's edge is one callback; nothing runs on scroll.
    var observer = new IntersectionObserver(update, { rootMargin: "-25% 0px -75% 0px" });
    pairs.forEach(function (pair) {
      observer.observe(pair.target);
    });
    update();
  }

  var layers = Array.from(document.querySelectorAll(".ladder .layers > li"));
  var minis = document.querySelectorAll(".ladder .mini");
  var opened = null;

  // Opens the present rung's layer and folds the one that was opened before, but none that was
  // open from the start or is opened by hand; marks it in the strip, where that shows all.
  function unfold(link) {
    var layer = link && link.closest(".layers > li");
    var folded = layer && layer.querySelector("details:not([open])");
    if (opened && !opened.contains(link)) {
      opened.open = false;
      opened = null;
    }
    if (folded) {
      opened = folded;
      opened.open = true;
    }
    minis.forEach(function (mini, place) {
      mini.classList.toggle("here", layers[place] === layer && minis.length === layers.length);
    });
  }

  // Keeps the present rung in view in a ladder longer than the window, and moves nothing else.
  function reveal(link) {
    var box = link && link.closest(".ladder");
    if (!box || box.scrollHeight <= box.clientHeight) {
      return;
    }
    var above = link.getBoundingClientRect().top - box.getBoundingClientRect().top;
    box.scrollTop += above - box.clientHeight / 2;
  }

  follow(document.querySelectorAll(".ladder .rung a"), "step");
  follow(document.querySelectorAll(".contents ul:first-child a"), "true");

  // Beside the walk the ladder is always open (the style sheet sees to it where it can); as the
  // strip of a phone it is closed, and a link out of it closes it again.
  var strip = document.querySelector(".ladder details");
  var phone = window.matchMedia("(max-width: 760px)");
  if (strip) {
    var fold = function () {
      strip.open = !phone.matches;
    };
    phone.addEventListener("change", fold);
    strip.addEventListener("click", function (event) {
      if (phone.matches && event.target.closest("a")) {
        fold();
      }
    });
    fold();
  }
})();
