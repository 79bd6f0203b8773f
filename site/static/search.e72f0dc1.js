// The search field of every page: results while the reader types, in a list that the arrows walk
// through. What finds them is loaded when the field is first used. Without scripts the form leads
// to the page search/, which shows results in its text and not in this list.
(() => {
  "use strict";
  const form = document.querySelector(".search");
  if (!form) {
    return;
  }
  const field = form.querySelector("input");
  const search = (...value) => search.take(...value);
  // The files of the index call this one global function.
  window.sitegenSearch = search;
  search.folder = new URL(".", form.action);

  const here = document.currentScript.src;
  const parts = ["./search/text.53756529.js", "./search/find.55cd0549.js", "./search/show.a8b4b71b.js"];
  const look = "./search/found.f986e075.css";
  let ready = null;

  // Loads what finds and shows; rejects when that fails, and tries again the next time.
  search.ready = () => {
    ready ??= Promise.all([dress(), ...parts.map(load)]).catch((error) => {
      ready = null;
      throw error;
    });
    return ready;
  };

  // The list's own rules; without them it is a list all the same.
  function dress() {
    return new Promise((resolve) => {
      const link = document.createElement("link");
      link.rel = "stylesheet";
      link.onload = link.onerror = resolve;
      link.href = new URL(look, here);
      document.head.append(link);
    });
  }

  function load(part) {
    return new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.async = false; // in the order of `parts`
      script.onload = resolve;
      script.onerror = () => reject(new Error(part));
      script.src = new URL(part, here);
      document.head.append(script);
    });
  }

  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input, textarea, select, [contenteditable]");
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      field.focus();
      field.select();
    }
  });
  form.append(element("kbd", { class: "slash", "aria-hidden": "true" }, "/"));

  if (document.querySelector(".results")) {
    return;
  }

  // --- The list ---------------------------------------------------------------------------------

  const box = element("div", { class: "found", hidden: "" });
  const list = element("div", { id: "found", role: "listbox", "aria-label": "Found" });
  const note = element("p", { class: "note", role: "status" });
  box.append(list, note);
  form.append(box);
  for (const [name, value] of Object.entries({
    role: "combobox",
    "aria-autocomplete": "list",
    "aria-controls": "found",
    "aria-expanded": "false",
  })) {
    field.setAttribute(name, value);
  }

  let current = null; // the option that the arrows are at
  let asked = 0;

  function options() {
    return [...list.querySelectorAll("[role='option']")];
  }

  function point(option) {
    current?.setAttribute("aria-selected", "false");
    current = option ?? null;
    current?.setAttribute("aria-selected", "true");
    current?.scrollIntoView({ block: "nearest" });
    if (current) {
      field.setAttribute("aria-activedescendant", current.id);
    } else {
      field.removeAttribute("aria-activedescendant");
    }
  }

  function show(options, text) {
    point(null);
    list.replaceChildren(...options);
    list.hidden = !options.length;
    note.textContent = text;
    note.className = options.length ? "note unseen" : "note";
    box.hidden = !options.length && !text;
    field.setAttribute("aria-expanded", String(options.length > 0));
  }

  function close() {
    asked++;
    show([], "");
  }

  async function update() {
    const query = field.value.trim();
    const mine = ++asked;
    if (!query) {
      show([], "");
      return;
    }
    const slow = setTimeout(() => mine === asked && show([], "Searching"), 400);
    try {
      await search.ready();
      const found = await search.find(query, 5);
      if (mine === asked) {
        const all = `${form.action}?${new URLSearchParams({ q: query })}`;
        show(search.options(found, all), search.says(found));
      }
    } catch {
      if (mine === asked) {
        show([], "The index of the search could not be loaded.");
      }
    }
    clearTimeout(slow);
  }

  field.addEventListener("focus", () => {
    search.ready().then(() => search.begin()).catch(() => {}); // said when something is typed
    if (field.value) {
      update();
    }
  });
  field.addEventListener("input", update);
  field.addEventListener("keydown", (event) => {
    const known = options();
    const at = known.indexOf(current);
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && known.length) {
      event.preventDefault();
      // The field itself stands between the last option and the first.
      const places = known.length + 1;
      point(known[((at + 1 + step + places) % places) - 1]);
    } else if (event.key === "Enter" && current) {
      event.preventDefault();
      current.click();
    } else if (event.key === "Escape") {
      event.preventDefault();
      field.blur();
    }
  });
  // A press on an option leaves the focus where it is: a list that closes cannot be clicked.
  box.addEventListener("mousedown", (event) => event.preventDefault());
  field.addEventListener("blur", close);
  window.addEventListener("pagehide", close);

  function element(name, attributes, text) {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) {
      made.setAttribute(key, value);
    }
    made.append(text ?? "");
    return made;
  }
})();
