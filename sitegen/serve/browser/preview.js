// The preview's part of a page: loads it anew when its file changed, keeps the reader's place,
// and shows problems over it. Added by `sitegen serve` to what it sends; no built page has it.
(function () {
  "use strict";
  var own = document.currentScript;
  var page = own.dataset.page;
  var digest = own.dataset.digest;
  var PLACE = "sitegen-place";
  var SEEN = "sitegen-dismissed";

  function remember(key, value) {
    try {
      sessionStorage.setItem(key, JSON.stringify(value));
    } catch (error) {} // a browser that keeps nothing
  }

  function recall(key) {
    try {
      return JSON.parse(sessionStorage.getItem(key));
    } catch (error) {
      return null;
    }
  }

  // --- The reader's place -----------------------------------------------------------------

  // What is at the top of the window: the element itself when it has an id, else the nearest
  // one before it that has, with the distance.
  function anchor() {
    var found = null;
    document.querySelectorAll("[id]").forEach(function (one) {
      var box = one.getBoundingClientRect();
      if (box.height && box.top <= 1 && !one.closest("nav, header.masthead, aside")) {
        found = { id: one.id, top: box.top };
      }
    });
    return found;
  }

  // A thing that can be opened or chosen, by what does not change when text above it does.
  function mark(one) {
    var near = one.closest("[id]");
    var label = one.querySelector("summary");
    return [near ? near.id : "", label ? label.textContent.trim() : "", one.name || "", one.className].join("|");
  }

  // Marks of several things, those that are alike told apart by their order.
  function marked(things) {
    var counts = {};
    return Array.from(things).map(function (one) {
      var name = mark(one);
      counts[name] = (counts[name] || 0) + 1;
      return { one: one, name: name + "|" + counts[name] };
    });
  }

  function scrolled() {
    return Array.from(document.querySelectorAll(".ladder, .scroller, pre")).map(function (one) {
      return [one.scrollLeft, one.scrollTop];
    });
  }

  var leaving = false;

  function reload() {
    var state = { page: page, x: scrollX, y: scrollY, anchor: anchor(), open: {}, chosen: {}, inside: scrolled() };
    state.end = scrollY > 0 && innerHeight + scrollY >= document.documentElement.scrollHeight - 2;
    marked(document.querySelectorAll("details")).forEach(function (it) {
      state.open[it.name] = it.one.open;
    });
    marked(document.querySelectorAll("input[type=radio], input[type=checkbox]")).forEach(function (it) {
      state.chosen[it.name] = it.one.checked;
    });
    remember(PLACE, state);
    leaving = true;
    history.scrollRestoration = "manual";
    location.reload();
  }

  function restore() {
    var state = recall(PLACE);
    try {
      sessionStorage.removeItem(PLACE);
    } catch (error) {}
    if (!state || state.page !== page) {
      return;
    }
    marked(document.querySelectorAll("details")).forEach(function (it) {
      if (it.name in state.open) {
        it.one.open = state.open[it.name];
      }
    });
    marked(document.querySelectorAll("input[type=radio], input[type=checkbox]")).forEach(function (it) {
      if (it.name in state.chosen && it.one.checked !== state.chosen[it.name]) {
        it.one.checked = state.chosen[it.name];
        it.one.dispatchEvent(new Event("change", { bubbles: true }));
      }
    });
    var boxes = document.querySelectorAll(".ladder, .scroller, pre");
    if (boxes.length === state.inside.length) {
      boxes.forEach(function (one, place) {
        one.scrollLeft = state.inside[place][0];
        one.scrollTop = state.inside[place][1];
      });
    }
    place(state);
    var placed = scrollY;
    // Pictures above may have had no size until now. A reader who has moved on is let alone.
    addEventListener("load", function () {
      if (scrollY === placed) {
        place(state);
      }
    });
  }

  function place(state) {
    var target = state.anchor && document.getElementById(state.anchor.id);
    var y = state.y;
    if (state.end) {
      y = document.documentElement.scrollHeight;
    } else if (target) {
      y = scrollY + target.getBoundingClientRect().top - state.anchor.top;
    }
    scrollTo({ left: state.x, top: y, behavior: "instant" });
  }

  // --- Problems ---------------------------------------------------------------------------

  var host = null;
  var panel, pill, list, title, count;
  var shown = [];
  var pending = false;
  var before = null;

  function element(name, part, text) {
    var made = document.createElement(name);
    if (part) {
      made.className = part;
    }
    if (text) {
      made.textContent = text;
    }
    return made;
  }

  function build() {
    host = element("sitegen-preview");
    var root = host.attachShadow({ mode: "open" });
    var style = element("link");
    style.rel = "stylesheet";
    style.href = "/.sitegen/preview.css";
    host.style.opacity = "0"; // until it has its looks; what is hidden takes no focus
    style.addEventListener("load", function () {
      host.style.opacity = "";
    });
    panel = element("section", "panel");
    panel.setAttribute("role", "dialog");
    panel.setAttribute("aria-labelledby", "title");
    var head = element("div", "head");
    title = element("h2");
    title.id = "title";
    title.tabIndex = -1;
    var close = element("button", "close", "Hide");
    close.type = "button";
    close.title = "Hide (Esc)";
    close.addEventListener("click", dismiss);
    head.append(title, close);
    list = element("div", "list");
    list.tabIndex = 0;
    list.setAttribute("role", "region");
    list.setAttribute("aria-labelledby", "title");
    panel.append(head, list);
    panel.addEventListener("keydown", function (event) {
      if (event.key === "Escape") {
        event.stopPropagation();
        dismiss();
      }
    });
    pill = element("button", "pill");
    pill.type = "button";
    pill.addEventListener("click", function () {
      open(true);
    });
    count = element("p", "said");
    count.setAttribute("role", "status");
    root.append(style, panel, pill, count);
    panel.hidden = pill.hidden = true;
    document.body.append(host);
  }

  function key(problem) {
    return [problem.code, problem.place.split(":")[0], problem.message].join("|");
  }

  function number(many, noun) {
    return many + " " + noun + (many === 1 ? "" : "s");
  }

  function words(problems, more) {
    var errors = problems.filter(function (one) {
      return one.severity === "error";
    }).length;
    var warnings = problems.length - errors;
    var parts = [];
    if (errors) {
      parts.push(number(errors, "error"));
    }
    if (warnings) {
      parts.push(number(warnings, "warning"));
    }
    if (more) {
      parts.push(more + " more in the terminal");
    }
    return parts.join(", ");
  }

  function item(problem) {
    var made = element("li", problem.severity);
    var line = element("p", "message");
    line.append(element("b", "", problem.severity), " ", element("span", "text", problem.message), " ", element("span", "code", problem.code));
    made.append(line);
    if (problem.place) {
      made.append(element("p", "place", problem.place));
    }
    if (problem.line) {
      var source = element("pre");
      source.tabIndex = 0;
      var letters = Array.from(problem.text);
      var start = problem.width ? problem.before : 0;
      var end = problem.width ? start + problem.width : letters.length;
      var gutter = element("span", "number", String(problem.line).padStart(5) + " | ");
      source.append(gutter, letters.slice(0, start).join(""), element("mark", "", letters.slice(start, end).join("") || " "), letters.slice(end).join(""));
      if (problem.width) {
        // Tabs stay tabs, so that the caret stands below its letter.
        var gap = letters.slice(0, start).map(function (one) {
          return one === "\t" ? "\t" : " ";
        });
        source.append("\n", element("span", "number", "      | "), gap.join(""), element("span", "caret", "^".repeat(Math.min(problem.width, 200))));
      }
      made.append(source);
    }
    if (problem.hint) {
      made.append(element("p", "hint", problem.hint));
    }
    return made;
  }

  function fill(problems, more) {
    var groups = [
      ["This page", true, "error"],
      ["This page, warnings", true, "warning"],
      ["Elsewhere", false, "error"],
      ["Elsewhere, warnings", false, "warning"],
    ];
    list.replaceChildren();
    groups.forEach(function (group) {
      var some = problems.filter(function (one) {
        return one.here === group[1] && one.severity === group[2];
      });
      if (some.length) {
        var items = element("ul");
        items.append.apply(items, some.map(item));
        list.append(element("h3", "", group[0]), items);
      }
    });
    if (more) {
      list.append(element("p", "more", number(more, "more problem") + " in the terminal."));
    }
    title.textContent = words(problems, 0);
    pill.textContent = words(problems, more);
    pill.classList.toggle("error", problems.some(function (one) {
      return one.severity === "error";
    }));
  }

  function open(byHand) {
    if (panel.hidden) {
      before = document.activeElement;
      panel.hidden = false;
    }
    pill.hidden = true;
    if (byHand || !(before && before.matches && before.matches("input, textarea, select"))) {
      title.focus({ preventScroll: true });
    }
  }

  function hide(some) {
    var inside = document.activeElement === host;
    panel.hidden = true;
    pill.hidden = !some;
    if (inside && before && before.isConnected) {
      before.focus({ preventScroll: true });
    }
  }

  function dismiss() {
    remember(SEEN, shown.map(key));
    hide(true);
    if (pending) {
      reload();
    }
  }

  // Shows what is wrong. Answers whether an error of this page keeps it as it is for now.
  function show(news) {
    if (!news.problems.length && !host) {
      return false;
    }
    if (!host) {
      build();
    }
    var seen = recall(SEEN) || [];
    var fresh = news.problems.filter(function (one) {
      return seen.indexOf(key(one)) < 0;
    });
    var errors = fresh.filter(function (one) {
      return one.severity === "error";
    });
    shown = news.problems;
    if (!shown.length) {
      remember(SEEN, []);
      hide(false);
      count.textContent = "No problems.";
      return false;
    }
    // What was mended and breaks again is new again.
    remember(SEEN, shown.map(key).filter(function (one) {
      return seen.indexOf(one) >= 0;
    }));
    fill(shown, news.more);
    count.textContent = pill.textContent;
    if (errors.length) {
      open(false);
    } else if (panel.hidden || !shown.some(function (one) { return one.severity === "error"; })) {
      hide(true);
    }
    return errors.some(function (one) {
      return one.here;
    });
  }

  // --- News from the server ---------------------------------------------------------------

  // Whether one of the files is a picture of this page: its bytes are not the page's.
  function pictured(files) {
    var here = Array.from(document.querySelectorAll("img, source, object, video")).map(function (one) {
      return one.currentSrc || one.src || one.srcset || one.data || "";
    });
    return files.some(function (file) {
      var address = new URL("/" + file.split("/").map(encodeURIComponent).join("/"), location.origin).href;
      return here.some(function (one) {
        return one.split("#")[0].split("?")[0] === address;
      });
    });
  }

  function hear(event) {
    var news = JSON.parse(event.data);
    if (news.go && new URL(news.go, location.origin).pathname !== here()) {
      location.assign(news.go);
      return;
    }
    var held = show(news);
    var changed = news.digest !== digest || pictured(news.written);
    if (changed && held && news.digest) {
      pending = true;
    } else if (changed) {
      reload();
    } else {
      pending = false;
    }
  }

  // The address of this page's file: a folder's is its index.html.
  function here() {
    return location.pathname.replace(/\/$/, "/index.html");
  }

  var source = null;

  // A page that nobody sees holds no connection: browsers allow a few to each server.
  function connect() {
    if (document.visibilityState === "hidden") {
      if (source) {
        source.close();
        source = null;
      }
    } else if (!source) {
      source = new EventSource("/.sitegen/events?page=" + encodeURIComponent(page));
      source.addEventListener("message", hear);
    }
  }

  addEventListener("pagehide", function () {
    if (!leaving) {
      // Told any earlier, the browser goes to where it would have gone without us.
      history.scrollRestoration = "auto";
    }
    if (source) {
      source.close();
      source = null;
    }
  });
  addEventListener("pageshow", connect);
  document.addEventListener("visibilitychange", connect);
  restore();
  connect();
})();
