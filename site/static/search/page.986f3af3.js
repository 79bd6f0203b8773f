// The page of all results: what the address asks for, and what is typed into the field above.
(() => {
  "use strict";
  const search = window.sitegenSearch;
  const field = document.querySelector(".search input");
  const results = document.querySelector(".results");
  const lists = document.querySelector(".lists");
  const says = document.querySelector(".says");
  const title = document.title;
  const hint = says.textContent;
  const FEW = 20; // cases at first
  let opened = new Set();
  let cases = FEW;
  let asked = 0;

  // Words of the text, where the wiki has an index of them and is read over HTTP.
  const texts = document.querySelector(".texts");
  let index = null;

  async function read_texts(query, mine) {
    if (!texts || location.protocol === "file:") {
      return;
    }
    try {
      index ??= await import(new URL(texts.dataset.script, location.href));
      const found = query ? await index.search(query) : { results: [] };
      const pages = await Promise.all(found.results.slice(0, 10).map((one) => one.data()));
      if (mine !== asked) {
        return;
      }
      const root = new URL("..", new URL(texts.dataset.script, location.href));
      texts.querySelector("ol").replaceChildren(...pages.map((page) => {
        const row = document.createElement("li");
        const link = document.createElement("a");
        link.href = new URL(page.raw_url.replace(/^\//, ""), root);
        link.textContent = page.meta.title;
        const excerpt = document.createElement("p");
        excerpt.textContent = page.plain_excerpt;
        row.append(link, excerpt);
        return row;
      }));
      texts.hidden = !pages.length;
    } catch {
      texts.hidden = true;
    }
  }

  async function update() {
    const query = field.value.trim();
    const mine = ++asked;
    read_texts(query, mine);
    lists.hidden = Boolean(query);
    document.title = query ? `${query} · ${title}` : title;
    if (!query) {
      results.replaceChildren();
      says.textContent = hint;
      return;
    }
    try {
      await search.ready();
      const found = await search.find(query, cases);
      if (mine === asked) {
        says.textContent = search.says(found);
        results.replaceChildren(...search.sections(found, opened, more));
      }
    } catch {
      if (mine === asked) {
        results.replaceChildren();
        says.textContent = "The index of the search could not be loaded.";
        lists.hidden = false;
      }
    }
  }

  // Shows more of one list, and leaves the reader at the first row that is new.
  async function more(name, shown) {
    opened.add(name);
    cases += name === "Cases" ? FEW : 0;
    await update();
    const section = [...results.children].find((one) => one.firstChild.textContent === name);
    section?.querySelectorAll("li a")[shown]?.focus();
  }

  function read() {
    field.value = new URLSearchParams(location.search).get("q") ?? "";
    update();
  }

  field.addEventListener("input", () => {
    opened = new Set();
    cases = FEW;
    try {
      const query = field.value ? `?${new URLSearchParams({ q: field.value })}` : location.pathname;
      history.replaceState(null, "", query);
    } catch {
      // From disk an address is not ours to change.
    }
    update();
  });
  document.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const places = [field, ...results.querySelectorAll("a, button")];
    const at = places.indexOf(document.activeElement);
    if (step && at >= 0 && places[at + step]) {
      event.preventDefault();
      places[at + step].focus();
    } else if (event.key === "Escape" && at > 0) {
      field.focus();
    } else if (event.key === "Escape" && at === 0) {
      event.preventDefault(); // would empty the field
      field.blur();
    }
  });
  window.addEventListener("popstate", read);
  read();
})();
