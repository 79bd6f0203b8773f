// Results as elements: options of the field's list, rows of the search page. All text is text.
(() => {
  "use strict";
  const search = window.sitegenSearch;
  const root = new URL("..", search.folder);
  const STATUS = {
    open: "Open",
    investigating: "Investigating",
    fixed: "Fixed",
    wontfix: "Won't fix",
    duplicate: "Duplicate",
    invalid: "Invalid",
  };

  // The address of a page of the wiki: folders by their index.html, which works from disk as well.
  function address(url) {
    const path = url.split("/").map(encodeURIComponent).join("/");
    return `${root}${path}${/^$|\/$/.test(url) ? "index.html" : ""}`;
  }

  function element(name, className, ...content) {
    const made = document.createElement(name);
    made.className = className;
    made.append(...content);
    return made;
  }

  function marked(text, words) {
    return search.mark(text, words).map((piece, at) => {
      return at % 2 ? element("mark", "", piece) : piece;
    });
  }

  // What else a case was found by, where its title does not hold all words.
  function reason(row, words) {
    return row.why.flatMap((text, at) => [at ? ", " : "", ...marked(text, words)]);
  }

  // --- The field's list -------------------------------------------------------------------------

  const MOST = 12; // options: more are on the page of all results

  search.options = (found, all) => {
    let number = 0;
    const option = (href, ...content) => {
      const made = element("a", "", ...content);
      made.id = `found-${number++}`;
      made.href = href;
      made.tabIndex = -1;
      made.setAttribute("role", "option");
      made.setAttribute("aria-selected", "false");
      return made;
    };
    const groups = [];
    for (const { title, mono, rows } of found.groups) {
      const room = MOST - number;
      if (room <= 0) {
        break;
      }
      const label = element("span", "label", title);
      label.setAttribute("aria-hidden", "true");
      const group = element("div", "", label);
      group.setAttribute("role", "group");
      group.setAttribute("aria-label", title);
      for (const row of rows.slice(0, Math.min(room, groups.length ? 3 : 5))) {
        const text = element("span", mono ? "mono" : "", ...marked(row.title, found.words));
        const also = row.why?.length ? [element("small", "mono", ...reason(row, found.words))] : [];
        group.append(option(address(row.url), text, ...also));
      }
      groups.push(group);
    }
    if (groups.length) {
      groups.push(option(all, element("span", "all", "All results")));
    }
    return groups;
  };

  // One sentence about what was found.
  search.says = (found) => {
    if (!found.words.length) {
      return "Type two letters or more.";
    }
    const count = found.groups.reduce((sum, group) => sum + group.rows.length, 0);
    const more = found.groups.some((group) => group.more);
    const results = count === 1 ? "1 result" : `${count} results`;
    return count ? `${more ? "More than " : ""}${results}.` : "Nothing found.";
  };

  // --- The search page --------------------------------------------------------------------------

  const FEW = 20; // names of a sort that are shown until more are asked for

  function row(one, words) {
    const name = element("a", "", ...marked(one.title, words));
    name.href = address(one.url);
    if (!one.status) {
      return element("li", "", name);
    }
    const day = element("span", "day", one.date);
    const status = element("span", `status ${one.status}`, STATUS[one.status] ?? one.status);
    const why = element("span", "why mono", ...reason(one, words));
    return element("li", "", name, status, element("span", "kind", one.label), why, day);
  }

  // Headings and lists of all that was found. `more` is called when a list is to go on.
  search.sections = (found, opened, more) =>
    found.groups.map((group) => {
      const shown = opened.has(group.title) ? group.rows : group.rows.slice(0, FEW);
      const list = element("ul", group.title === "Cases" ? "hits" : group.mono ? "names mono" : "names");
      list.append(...shown.map((one) => row(one, found.words)));
      const count = element("span", "count", group.more ? "" : String(group.rows.length));
      const section = element("section", "", element("h2", "", group.title), count, list);
      if (group.more || shown.length < group.rows.length) {
        const all = group.more ? "More cases" : `All ${group.rows.length}`;
        const button = element("button", "button", all);
        button.type = "button";
        button.addEventListener("click", () => more(group.title, shown.length));
        section.append(button);
      }
      return section;
    });
})();
