// Reads a log as far as it is compared by: sitegenMatch.read(text). The patterns of kinds and of
// functions come with the data; of the ways to print a line it knows the usual ones.
(function () {
  "use strict";
  const data = window.sitegenMatch;
  if (!data) {
    return;
  }
  const rules = data.rules;
  const numbers = rules.numbers;
  const is = {};
  for (const what of Object.keys(rules.names)) {
    is[what] = remembered(new RegExp(rules.names[what]));
  }

  function remembered(pattern) {
    const known = new Map();
    return function (name) {
      let found = known.get(name);
      if (found === undefined) {
        found = pattern.test(name);
        if (known.size < 65536) {
          known.set(name, found);
        }
      }
      return found;
    };
  }

  const mostText = 8 << 20;
  const mostRead = 4096;
  const mostWrapped = 65536;
  const prefix =
    /^(?:.{0,160}?)(?:<\d{1,3}>)?\[ {0,12}\d{1,12}\.\d{1,9}\](?: ?\[( {0,9}[A-Z]\d{1,9})(?:@[\w.-]{1,40})?\])?(?: |$)/;
  const logger =
    /^(?:\[[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d [\d:]{8} \d{4}\] ?|.{0,120}? kernel(?:\[\d{1,7}\])?: ?|\d{1,3},\d{1,12},\d{1,16},[-c](?:,[a-z]+=[^,;]{1,40}){0,6};)/;
  const sequence = /\x1b(?:\[[0-9;?]{0,20}[ -/]{0,3}[@-~]|[()][0-9A-B]|[=>78cDEHM])/g;
  const named = "[A-Za-z_$][\\w.$]{0,255}";
  const frame = new RegExp(
    "^\\s{0,20}(?:</?#?[A-Z][A-Z0-9_]{1,20}>\\s{1,8})?" +
      "(?:\\(?\\[<?(?:0x)?[0-9a-f]{8,16}>?\\]\\)?\\s{0,3}){0,2}(\\? {1,2})?" +
      `(${named})\\+0x[0-9a-f]{1,16}(?:/0x[0-9a-f]{1,16})?(?![\\w/])(.{0,1000})$`,
  );
  // What may stand behind a frame: its module, the unwinder's doubt, where its line is.
  const behind =
    /^(?: ?\[[\w.() +-]{1,160}\])?\)?(?: \((?:unreliable|[PELFUKTOD])+\)| ?\(?[\w./+-]{1,300}:(?:\d|\?).*)?\s*$/;
  const decodedFrame = new RegExp(
    `^\\s{0,20}(?:\\[<?[0-9a-f]{8,16}>?\\]\\s)?(\\? )?(${named})(?:\\+0x[0-9a-f/x]{1,40})? \\([\\w./+?-]{0,300}:(?:\\d|\\?)`,
  );
  const addressed = new RegExp(
    `^\\s{0,20}\\(?\\[<(?:0x)?[0-9a-f]{8,16}>\\]\\)?\\s{0,3}(\\? )?([A-Za-z_$][\\w$]{0,255})\\s*$`,
  );
  const from = new RegExp(
    `^\\s{0,4}(?:\\[<[0-9a-f]+>\\] \\(${named}[^)]{0,80}\\)|${named}) from (?:\\[<[0-9a-f]+>\\] \\()?(${named})\\+0x`,
  );
  const inline = new RegExp(`^\\s{0,20}(${named}) [\\w./+-]{1,300}:\\d[\\d:]* \\[inline\\]\\s*$`);
  const symbol = new RegExp(`(?<![\\w.$])(${named})\\+(0x[0-9a-f]{1,16}/0x[0-9a-f]{1,16})`);
  const register = (words) =>
    new RegExp(`^\\s{0,8}(?:mce: \\[Hardware Error\\]: )?(?:${words.slice().sort(longer).join("|")})(?: ?: ?| )`, "i");
  const pcLine = register(rules.pc);
  const lrLine = register(rules.lr);
  const title = /:\s*$|Call [Tt]race|^\s*<\/?#?[A-Z]/;
  const triggers = rules.triggers.map(([text, unless]) => [text, unless && new RegExp(unless)]);
  const kinds = rules.kinds.map(([key, label, pattern]) => [key, label, new RegExp(pattern)]);

  function longer(one, other) {
    return other.length - one.length || (one < other ? -1 : 1);
  }

  function begins(text) {
    const found = triggers.find(([trigger]) => text.includes(trigger));
    return Boolean(found) && !(found[1] && found[1].test(text));
  }

  // The message in a line of JSON, as docker and the journal write them, or in a field of the journal's export.
  function unwrapped(raw) {
    if (raw.startsWith("{") && raw.length <= mostWrapped) {
      try {
        const record = JSON.parse(raw);
        const text = record.log ?? record.MESSAGE;
        return typeof text === "string" ? text.replace(/\n$/, "") : raw;
      } catch {
        return raw;
      }
    }
    return raw.startsWith("MESSAGE=") ? raw.slice("MESSAGE=".length) : raw;
  }

  // Message and context of a line: who printed it, where the kernel says so.
  function strip(raw) {
    const line = raw.slice(0, 1280).replace(sequence, "").replace(/\r+$/, "");
    const found = prefix.exec(line) || logger.exec(line);
    return found ? [line.slice(found[0].length), (found[1] || "").trim()] : [line, null];
  }

  function plain(name) {
    const bare = name.split(".")[0] || name;
    const found = wrapper.exec(bare);
    if (!found) {
      return bare;
    }
    const rest = bare.slice(found[0].length);
    return rest.startsWith("sys_") ? rest : `sys${rest}`;
  }
  const wrapper = new RegExp(rules.names.wrapper);

  // What a log is compared by, and what to tell of it: {kind, function, frames, inlined, label, place,
  // release, taint}. Nothing is null: what the log does not say is empty.
  function read(text) {
    const reports = new Map();
    const log = { all: [], inlined: [], headline: "", place: "", release: "", taint: "" };
    for (const raw of text.slice(0, mostText).split("\n")) {
      const [line, context] = strip(unwrapped(raw));
      if (begins(line)) {
        const report = { pc: false, lr: false, last: "" };
        reports.set(context || "", report);
        // What was found before is no part of a crash, unless that made the kernel panic.
        if (!log.headline && !line.includes("Kernel panic")) {
          log.all = [];
          log.inlined = [];
        }
        log.headline = log.headline || line;
        log.all.push([]);
        continue;
      }
      // Lines without a prefix among others were wrapped, or are another program's.
      const report = reports.get(context || "") || (context === null && reports.values().next().value);
      if (report || !log.headline) {
        readLine(line, report || log, log);
      }
    }
    return gather(log);
  }

  function readLine(line, report, log) {
    const tainted = /(?:Not tainted|Tainted: ([A-Z][A-Z ]*?)) +(\d+\.\d[\w.+~:-]*)/.exec(line);
    if (tainted && !log.release) {
      log.release = tainted[2];
      log.taint = (tainted[1] || "").replace(/ +/g, " ").trim();
    }
    for (const [which, pattern] of [
      ["pc", pcLine],
      ["lr", lrLine],
    ]) {
      const found = pattern.test(line) && symbol.exec(line);
      if (found) {
        const place = { name: found[1], sure: true };
        if (is.exception(report.last)) {
          log.all[log.all.length - 1].push(place); // where what stands below was interrupted
        } else if (!report[which]) {
          log.all.push([place], []);
          log.place = log.place || `${found[1]}+${found[2]}`;
        }
        report[which] = true;
        return;
      }
    }
    const seen = readFrame(line);
    if (seen) {
      if (!log.all.length) {
        log.all.push([]);
      }
      log.all[log.all.length - 1].push(seen);
      report.last = seen.sure ? plain(seen.name) : report.last;
      return;
    }
    const inlined = inline.exec(line);
    if (inlined) {
      log.inlined.push(plain(inlined[1]));
    } else if (title.test(line)) {
      log.all.push([]);
    }
  }

  function readFrame(line) {
    if (line.includes(" from ")) {
      const found = from.exec(line);
      return found && { name: found[1], sure: true };
    }
    const found = frame.exec(line);
    if (found && behind.test(found[3])) {
      return { name: found[2], sure: !found[1] && !found[3].includes("unreliable") };
    }
    const other = decodedFrame.exec(line) || addressed.exec(line);
    return other && { name: other[2], sure: !other[1] };
  }

  function gather(log) {
    const seen = log.all
      .flatMap(function (stack) {
        const sure = stack.filter((one) => one.sure);
        return sure.length ? sure : stack;
      })
      .slice(0, mostRead)
      .map((one) => plain(one.name));
    const frames = Array.from(new Set(seen))
      .filter((name) => !is.uncounted(name))
      .slice(0, numbers.MOST_FRAMES);
    const headline = log.headline.slice(0, 400);
    const kind = headline ? kinds.find(([, , pattern]) => pattern.test(headline)) : null;
    const own = symbol.exec(headline);
    return {
      kind: kind ? kind[0] : "",
      label: kind ? kind[1] : "",
      function: culprit(kind ? kind[0] : "", seen) || (own ? plain(own[1]) : ""),
      frames,
      inlined: Array.from(new Set(log.inlined)).filter(
        (name) => !is.uncounted(name) && !frames.includes(name),
      ),
      headline: log.headline,
      place: log.place || (own ? `${own[1]}+${own[2]}` : ""),
      release: log.release,
      taint: log.taint,
    };
  }

  // The function that a crash of this kind is likely about.
  function culprit(kind, seen) {
    let own = seen;
    const stalled = rules.culprits.stall.includes(kind);
    if (stalled) {
      own = own.slice(own.findIndex(is.exception) + 1);
    }
    own = own.filter((name) => !is.uncounted(name) && !is.skipped(name));
    if (rules.culprits.wait.includes(kind)) {
      own = own.filter((name) => !is.waiting(name));
    } else if (stalled) {
      own = own.slice(Math.max(0, own.findIndex(is.anchor) - 1));
    }
    return own[0] || "";
  }

  data.is = is;
  data.read = read;
  data.mostText = mostText;
})();
