// The page that a log is pasted into. Nothing leaves it: readlog.js and compare.js work here, on the data beside it.
(function () {
  "use strict";
  const data = window.sitegenMatch;
  if (!data || !data.rank) {
    return;
  }
  const most = 10;
  const form = document.querySelector(".asked");
  const text = form.querySelector("textarea");
  const told = form.querySelector(".read");
  const answer = document.querySelector(".answer");
  const root = new URL(".", document.querySelector(".brand").href);

  document.querySelectorAll(".scripted").forEach((part) => part.removeAttribute("hidden"));
  document.querySelector(".unscripted").remove();

  let waiting = 0;
  text.addEventListener("input", function () {
    clearTimeout(waiting);
    waiting = setTimeout(match, 150);
  });
  text.addEventListener("paste", function () {
    setTimeout(() => text.scrollTo(0, 0)); // a log begins with what it is about
  });
  form.addEventListener("submit", function (event) {
    event.preventDefault();
    match();
  });
  // A browser that comes back to the page keeps what was pasted.
  match();

  function match() {
    clearTimeout(waiting);
    const log = data.read(text.value);
    told.replaceChildren();
    answer.replaceChildren();
    if (!text.value.trim()) {
      return;
    }
    if (text.value.length > data.mostText) {
      told.append(`Only the first ${data.mostText >> 20} MB are read. `);
    }
    if (!log.headline && !log.frames.length) {
      answer.append(
        make("h2", "", "No crash in this text"),
        make("p", "says", "Paste the part of a log that begins with the crash's first line."),
      );
      return;
    }
    told.append("Read: ", ...joined(words(log)));
    const found = data.rank(log, most);
    answer.append(make("h2", "", verdict(log, found)));
    if (!log.frames.length && !log.function) {
      const says = make("p", "says", "The log names no function to compare by. ");
      says.append(make("code", "", "sitegen match"), " on a terminal compares titles as well.");
      answer.append(says);
    }
    const list = make("ol", "matches");
    list.append(...found.map((one) => row(log, one)));
    if (found.length) {
      answer.append(list);
    }
  }

  // What was understood of the log, part by part.
  function words(log) {
    const frames = counted(log.frames.length, "frame");
    return [
      [log.label || "a trace without a headline"],
      log.place || log.function ? [make("code", "", log.place || log.function)] : null,
      [frames],
      log.release ? [log.release] : null,
      log.taint ? [`tainted ${log.taint}`] : null,
    ].filter(Boolean);
  }

  function joined(parts) {
    return parts.flatMap((part, at) => (at ? [", ", ...part] : part));
  }

  function verdict(log, found) {
    if (!found.length) {
      return `Nothing like it in ${counted(data.cases.length, "case")}`;
    }
    const whole = found.filter(
      (one) => log.frames.length && one.shared.length === log.frames.length,
    ).length;
    if (whole) {
      return `Seen before: ${have(whole)} every frame`;
    }
    const same = found.filter(
      (one) => log.function && one.print.function === log.function && one.print.kind === log.kind,
    ).length;
    if (same) {
      return `Seen before: ${have(same)} this kind of crash in the same function`;
    }
    return `Not seen before, but ${found.length === 1 ? "1 case is" : `${found.length} cases are`} like it`;
  }

  function have(count) {
    return count === 1 ? "1 case has" : `${count} cases have`;
  }

  function counted(count, noun) {
    return count === 1 ? `1 ${noun}` : `${count} ${noun}s`;
  }

  // One case: title, reason, what is shared, and the frames side by side.
  function row(log, found) {
    const item = make("li");
    const name = make("h3");
    const link = make("a", "name", found.case.title);
    const path = found.case.url.split("/").map(encodeURIComponent).join("/");
    link.href = new URL(`${path}index.html`, root).href;
    name.append(link);
    const shared = new Set(found.shared);
    const count = make("p", "count", `${shared.size} of ${counted(log.frames.length, "frame")}`);
    const why = make("p", "says");
    found.reason.split("`").forEach((part, at) => why.append(at % 2 ? make("code", "", part) : part));
    why.append(".");
    const head = make("div", "head");
    head.append(name, status(found.case.status));
    item.append(head, why);
    if (log.frames.length) {
      item.append(count, pips(log.frames, shared), aligned(log.frames, found.print));
    }
    return item;
  }

  function status(key) {
    const words = { wontfix: "Won't fix" };
    const named = words[key] || key.charAt(0).toUpperCase() + key.slice(1);
    return make("span", `status ${key}`, named);
  }

  // One box a frame, innermost first, filled where the case has it. The count beside it says the same.
  function pips(frames, shared) {
    const boxes = make("div", "pips");
    boxes.setAttribute("aria-hidden", "true");
    boxes.append(...frames.map((name) => make("i", `${layer(name)}${shared.has(name) ? " has" : ""}`)));
    return boxes;
  }

  function layer(name) {
    const letter = data.letterOf(name).toLowerCase();
    return `layer-${"svpdkmt".includes(letter) && letter ? letter : "x"}`;
  }

  function aligned(yours, print) {
    const details = make("details");
    const table = make("table", "side");
    const head = make("thead");
    head.append(cells("th", "yours", "", "theirs"));
    head.querySelectorAll("th").forEach((one) => one.setAttribute("scope", "col"));
    head.querySelectorAll("th")[1].append(make("span", "unseen", "equal"));
    const body = make("tbody");
    const inlined = new Set(print.inlined);
    for (const [mine, theirs] of pairs(yours, print.frames)) {
      const line = cells("td", mine, mine && mine === theirs ? "=" : "", theirs);
      if (mine && !theirs && inlined.has(mine)) {
        line.lastChild.textContent = "inlined";
        line.lastChild.className = "aside";
      }
      body.append(line);
    }
    table.append(head, body);
    details.append(make("summary", "", "Frames side by side"), table);
    return details;
  }

  function cells(tag, ...texts) {
    const line = make("tr");
    line.append(...texts.map((one) => make(tag, "", one)));
    return line;
  }

  // The longest sequence that both have, what either has besides between it.
  function pairs(mine, theirs) {
    const long = mine.map(() => new Array(theirs.length + 1).fill(0));
    long.push(new Array(theirs.length + 1).fill(0));
    for (let one = mine.length - 1; one >= 0; one -= 1) {
      for (let other = theirs.length - 1; other >= 0; other -= 1) {
        long[one][other] =
          mine[one] === theirs[other]
            ? long[one + 1][other + 1] + 1
            : Math.max(long[one + 1][other], long[one][other + 1]);
      }
    }
    const lines = [];
    let one = 0;
    let other = 0;
    while (one < mine.length || other < theirs.length) {
      if (one < mine.length && other < theirs.length && mine[one] === theirs[other]) {
        lines.push([mine[one], theirs[other]]);
        one += 1;
        other += 1;
      } else if (
        other >= theirs.length ||
        (one < mine.length && long[one + 1][other] >= long[one][other + 1])
      ) {
        lines.push([mine[one], ""]);
        one += 1;
      } else {
        lines.push(["", theirs[other]]);
        other += 1;
      }
    }
    return lines;
  }

  function make(tag, name, content) {
    const element = document.createElement(tag);
    if (name) {
      element.className = name;
    }
    if (content) {
      element.textContent = content;
    }
    return element;
  }
})();
