// The table of cases: sorts by a column, filters by words and choices, keeps both in the address.
(function () {
  "use strict";
  var table = document.querySelector("table.cases.all");
  var form = document.querySelector("form.filter");
  if (!table || !form) {
    return;
  }
  var body = table.tBodies[0];
  var rows = Array.from(body.rows);
  var heads = Array.from(table.tHead.rows[0].cells);
  var output = form.querySelector("output");
  var sorted = { column: -1, down: false };

  var names = heads.map(function (head) { return head.textContent.trim().toLowerCase(); });

  function text(row, name) {
    return row.cells[names.indexOf(name)].textContent;
  }

  function words(row) {
    return (row.cells[0].textContent + " " + row.dataset.words).toLowerCase();
  }

  // What a choice is compared with, by the name of its select.
  var columns = {
    status: function (row) { return text(row, "status"); },
    kind: function (row) { return row.dataset.kind; },
    where: function (row) { return text(row, "layer"); },
    kernel: function (row) { return text(row, "kernels"); },
    tag: function (row) { return row.dataset.tag; },
  };

  var cache = rows.map(words);

  // Whether a list as it is written has this item, in which a comma may stand as well.
  function has(list, item) {
    return (", " + list + ", ").includes(", " + item + ", ");
  }

  function filter() {
    var wanted = Array.from(new Set(form.elements.q.value.toLowerCase().split(/\s+/)));
    var choices = Object.keys(columns).filter(function (name) {
      return form.elements[name] && form.elements[name].value;
    });
    var shown = 0;
    rows.forEach(function (row, index) {
      var fits = wanted.every(function (word) { return cache[index].includes(word); }) &&
        choices.every(function (name) {
          return has(columns[name](row), form.elements[name].value);
        });
      row.hidden = !fits;
      shown += fits ? 1 : 0;
    });
    output.textContent = shown === rows.length ? rows.length + " shown"
      : shown + " of " + rows.length + " shown";
  }

  function key(row, column) {
    var text = row.cells[column].textContent.trim();
    return heads[column].dataset.sort === "number" ? Number(text) : text.toLowerCase();
  }

  function sort(column, down) {
    sorted = { column: column, down: down };
    var keys = new Map(rows.map(function (row) { return [row, key(row, column)]; }));
    var order = rows.slice().sort(function (one, other) {
      var a = keys.get(one), b = keys.get(other);
      if (a === b) {
        return 0; // in the order of the page
      }
      if (a === "" || b === "") {
        return a === "" ? 1 : -1; // what is not known stands last, whichever way
      }
      return (a < b ? -1 : 1) * (down ? -1 : 1);
    });
    order.forEach(function (row) { body.appendChild(row); });
    heads.forEach(function (head, index) {
      if (index === column) {
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
      } else {
        head.removeAttribute("aria-sort");
      }
    });
  }

  function remember() {
    var query = new URLSearchParams();
    new FormData(form).forEach(function (value, name) {
      if (value) {
        query.set(name, value);
      }
    });
    if (sorted.column >= 0) {
      query.set("by", heads[sorted.column].textContent.toLowerCase());
      if (sorted.down) {
        query.set("down", "1");
      }
    }
    var text = query.toString();
    try {
      history.replaceState(null, "", text ? "?" + text : location.pathname);
    } catch (refused) {
      // A file may not change its address in every browser.
    }
  }

  function recall() {
    var query = new URLSearchParams(location.search);
    Array.from(form.elements).forEach(function (field) {
      if (field.name && query.has(field.name)) {
        field.value = query.get(field.name);
        if (field.selectedIndex === -1) {
          field.selectedIndex = 0;
        }
      }
    });
    var column = heads.findIndex(function (head) {
      return head.textContent.toLowerCase() === query.get("by");
    });
    if (column >= 0) {
      sort(column, query.get("down") === "1");
    }
  }

  heads.forEach(function (head, column) {
    var button = document.createElement("button");
    button.type = "button";
    button.textContent = head.textContent;
    head.textContent = "";
    head.appendChild(button);
    button.addEventListener("click", function () {
      var first = head.dataset.sort === "number" || head.classList.contains("date");
      sort(column, sorted.column === column ? !sorted.down : first);
      remember();
    });
  });
  form.addEventListener("input", function () {
    filter();
    remember();
  });
  form.addEventListener("submit", function (event) { event.preventDefault(); });
  form.hidden = false;
  recall();
  filter();
})();
