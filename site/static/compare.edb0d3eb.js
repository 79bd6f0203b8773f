// Finds the known cases that a log is like: sitegenMatch.rank(what readlog.js read, most).
// Rules, weights and names come with the data, so that the order is that of `sitegen match`;
// only titles are not made here: the kind of crash and the function stand for them.
(function () {
  "use strict";
  const data = window.sitegenMatch;
  if (!data) {
    return;
  }
  const rules = data.rules;
  const numbers = rules.numbers;
  const is = data.is;

  // --- The data -------------------------------------------------------------------------------

  const alphabet = Array.from({ length: 94 }, (_, at) => String.fromCharCode(33 + at)).filter(
    (one) => !'"\\<`'.includes(one),
  );
  const digits = new Map(alphabet.map((one, at) => [one, at]));

  // Numbers written as codes of one to four characters.
  function* decoded(text) {
    for (let at = 0; at < text.length; ) {
      const first = digits.get(text[at]);
      const form =
        first < 40 ? [1, 0, 0] : first < 85 ? [2, 40, 40] : first < 89 ? [3, 85, 4090] : [4, 89, 36490];
      let number = first - form[1];
      for (let place = 1; place < form[0]; place += 1) {
        number = number * alphabet.length + digits.get(text[at + place]);
      }
      at += form[0];
      yield number + form[2];
    }
  }

  // Words that say how many characters they share with the one before.
  function unfronted(words) {
    let before = "";
    return words.map(function (word) {
      before = before.slice(0, digits.get(word[0])) + word.slice(1);
      return before;
    });
  }

  const names = [""];
  for (const tier of data.names) {
    for (const name of tier ? unfronted(tier.split(" ")) : []) {
      names.push(name.replaceAll("\x7f", " "));
    }
  }
  const letters = new Map();
  Array.from(data.letters).forEach(function (letter, at) {
    if (letter !== ".") {
      letters.set(names[at + 1], letter);
    }
  });

  function readPrint(text) {
    const [seen, inlined] = text.split(" ");
    const [kind, ...functions] = decoded(seen);
    return {
      kind: kind ? data.kinds[kind - 1] : "",
      function: names[functions[0]],
      frames: functions.slice(1).map((one) => names[one]),
      inlined: inlined ? Array.from(decoded(inlined), (one) => names[one]) : [],
    };
  }

  // Made when something is asked for first.
  let known = null;

  function know() {
    if (known) {
      return known;
    }
    const urls = unfronted(data.cases.map((row) => row[0]));
    const entries = [];
    const cases = data.cases.map(function (row, at) {
      const prints = row.slice(3).map(readPrint);
      const spelled = prints.length ? prints[0].function : "";
      prints.forEach((print) => entries.push(entry(at, print)));
      return {
        url: urls[at].replace("\x7f", () => spelled), // a "$" in it means itself
        title: row[1].replace("\x7f", () => spelled),
        status: data.statuses[row[2]],
      };
    });
    const having = new Map();
    const whose = new Map();
    entries.forEach(function (one, at) {
      for (const name of one.functions) {
        if (!having.has(name)) {
          having.set(name, new Set());
          whose.set(name, []);
        }
        having.get(name).add(one.case);
        whose.get(name).push(at);
      }
    });
    known = { cases, entries, having, whose, count: numbers.IMAGINED + cases.length };
    return known;
  }

  function entry(at, print) {
    return {
      case: at,
      print,
      places: new Map(print.frames.map((name, place) => [name, place])),
      functions: new Set([...print.frames, ...print.inlined, print.function].filter(Boolean)),
    };
  }

  // --- Weights --------------------------------------------------------------------------------

  function expected(name) {
    if (is.common(name)) {
      return numbers.COMMON;
    }
    return name.startsWith("sys_") ? numbers.SYSTEM_CALL : numbers.RARE;
  }

  function weigh(count, more) {
    return Math.max(1, Math.round(numbers.SCALE * Math.log(know().count / (count + more))));
  }

  function having(name) {
    const cases = know().having.get(name);
    return cases ? cases.size : 0;
  }

  function weight(name) {
    return weigh(having(name), expected(name));
  }

  function times(place) {
    return place < rules.first.length ? rules.first[place] : 1;
  }

  function total(frames, places) {
    return frames.reduce((sum, name) => sum + weight(name) * times(places.get(name)), 0);
  }

  // --- Asking ---------------------------------------------------------------------------------

  function candidates(asked) {
    let telling = Array.from(asked.functions).filter((name) => expected(name) === numbers.RARE);
    if (telling.length < numbers.ENOUGH) {
      telling = Array.from(asked.functions);
    }
    const ways = telling.filter((name) => having(name)).map((name) => [having(name), name]);
    ways.sort((one, other) => one[0] - other[0] || (one[1] < other[1] ? -1 : 1));
    const found = new Set();
    for (const [, name] of ways) {
      know().whose.get(name).forEach((at) => found.add(at));
      if (found.size >= numbers.MOST_TRIED) {
        break;
      }
    }
    return Array.from(found).slice(0, numbers.MOST_TRIED);
  }

  function score(asked, one) {
    const query = asked.print;
    const other = one.print;
    const shared = query.frames.filter((name) => one.functions.has(name));
    const back = other.frames.filter((name) => asked.functions.has(name));
    let alike = 0;
    let ordered = 0;
    if (shared.length || back.length) {
      const both = total(shared, asked.places) + total(back, one.places);
      const all = total(query.frames, asked.places) + total(other.frames, one.places);
      alike = Math.floor((numbers.WHOLE * both) / all);
      const places = shared.filter((name) => one.places.has(name)).map((name) => one.places.get(name));
      if (places.length > 1) {
        const rising = places.slice(1).filter((place, at) => places[at] < place).length;
        const most = numbers.WHOLE * (places.length - 1);
        ordered = Math.floor((numbers.SAME_ORDER * alike * rising) / most);
      }
    }
    const same = identity(query, other);
    const telling =
      alike >= Math.floor(numbers.WHOLE / 2) ||
      shared.some((name) => expected(name) === numbers.RARE);
    if (!same && !telling) {
      return 0;
    }
    const kind = query.kind && query.kind === other.kind ? numbers.SAME_KIND : 0;
    return Math.max(alike + ordered + same + kind, same ? numbers.LEAST : 0);
  }

  function identity(query, other) {
    const name = query.function;
    if (!name || name !== other.function || expected(name) !== numbers.RARE) {
      return 0;
    }
    const worth = query.kind === other.kind ? numbers.SAME_CRASH : numbers.SAME_FUNCTION;
    return Math.floor((worth * weight(name)) / weigh(0, numbers.RARE));
  }

  // The cases that a log is like, best first: {case, print, reason, shared, score}.
  function rank(query, most) {
    const asked = entry(-1, query);
    const best = new Map();
    for (const at of candidates(asked)) {
      const one = know().entries[at];
      const points = score(asked, one);
      const before = best.get(one.case);
      if (points >= numbers.LEAST && (!before || points > before.points)) {
        best.set(one.case, { points, one });
      }
    }
    const found = Array.from(best.values());
    found.sort((one, other) => other.points - one.points || one.one.case - other.one.case);
    return found.slice(0, most).map(function ({ points, one }) {
      const shared = query.frames.filter((name) => one.functions.has(name));
      return {
        case: know().cases[one.case],
        print: one.print,
        reason: reason(asked, one, shared),
        shared,
        score: points,
      };
    });
  }

  // --- Why ------------------------------------------------------------------------------------

  function reason(asked, one, shared) {
    const query = asked.print;
    const other = one.print;
    const sameKind = query.kind && query.kind === other.kind;
    if (query.function && query.function === other.function) {
      const kind = sameKind ? "The same kind of crash" : "A crash of another kind";
      return `${kind} in the same function, \`${query.function}\`${howMany(query, other, shared)}`;
    }
    const also = sameKind ? ", and the kind of crash" : "";
    const wayIn = query.frames.slice(query.frames.length - shared.length);
    if (shared.length > 1 && shared.every((name, at) => name === wayIn[at])) {
      return `The same way in, up to \`${shared[0]}\`${also}`;
    }
    if (shared.length) {
      const telling = shared.filter((name) => expected(name) === numbers.RARE);
      const rarest = (telling.length ? telling : shared.slice()).sort(
        (a, b) => weight(b) - weight(a) || asked.places.get(a) - asked.places.get(b),
      );
      const hardly = Math.floor(know().count / numbers.HARDLY);
      const few = rarest.slice(0, 2).filter((name) => having(name) <= hardly);
      return telling.length && few.length
        ? `Shares the rare ${few.map((name) => `\`${name}\``).join(" and ")}${also}`
        : `Shares \`${rarest[0]}\`${asMany(having(rarest[0]))}`;
    }
    return sameKind ? "The same kind of crash" : "Functions inlined in each other's frames";
  }

  function asMany(count) {
    return count > 1 ? `, as ${count} cases do` : "";
  }

  function howMany(query, other, shared) {
    if (!query.frames.length) {
      return "";
    }
    if (!shared.length) {
      return ", but none of the frames";
    }
    const same =
      query.frames.length === other.frames.length &&
      query.frames.every((name, at) => name === other.frames[at]);
    return same
      ? `, with the same ${frames(shared.length)}`
      : `, with ${shared.length} of ${frames(query.frames.length)}`;
  }

  function frames(count) {
    return count === 1 ? "1 frame" : `${count} frames`;
  }

  data.rank = rank;
  data.letterOf = (name) => letters.get(name) || "";
})();
