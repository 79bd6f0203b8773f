// Finds cases, and what they share, by any part of their names, in the files of the index.
(() => {
  "use strict";
  const search = window.sitegenSearch;
  const { HASH, fold, split, parse, gramsOf, fit } = search;

  // --- Files ------------------------------------------------------------------------------------

  const files = new Map(); // name -> promise of its value
  const waiting = new Map(); // name -> what takes the value when the script runs

  search.take = (name, version, value) => waiting.get(name)?.(version, value);

  function load(name, version, query = version && `?v=${version}`) {
    if (!files.has(name)) {
      const file = request(name, version, query);
      files.set(name, file);
      file.catch(() => files.delete(name)); // asked for again, it may come
    }
    return files.get(name);
  }

  function request(name, version, query) {
    return new Promise((resolve, reject) => {
      const script = document.createElement("script");
      const take = (found, value) => found === version && resolve(value);
      const settle = () => {
        script.remove();
        if (waiting.get(name) === take) {
          waiting.delete(name);
        }
        reject(new Error(`search/${name}.js`)); // of no effect where the value came
      };
      waiting.set(name, take);
      script.onload = settle;
      script.onerror = settle;
      script.src = `${search.folder}${name}.js${query}`;
      document.head.append(script);
    });
  }

  const VERSION = 6; // letters of a version
  let manifest;
  let newest = null; // promise of the manifest

  async function begin() {
    newest ??= load("manifest", "");
    try {
      manifest = await newest;
    } catch (error) {
      newest = null;
      throw error;
    }
  }

  // A file was of another version than the manifest's: the wiki was published since that was read.
  // Of several queries that notice, the first has it read anew.
  async function beginAgain(old) {
    if (newest === old) {
      files.clear();
      newest = load("manifest", "", `?t=${Date.now()}`);
    }
    await begin();
  }

  // The rows that are filed under some letters, in the file of all those with the same remainder.
  async function rows(sort, versions, gram) {
    const number = place(gram, versions.length / VERSION);
    const found = await load(`${sort}${number.toString(16)}`, version(versions, number));
    return Object.hasOwn(found, gram) ? found[gram] : null;
  }

  function version(versions, number) {
    return versions.slice(number * VERSION, (number + 1) * VERSION);
  }

  function place(gram, count) {
    let value = 0x811c9dc5;
    for (const letter of gram) {
      value = Math.imul(value ^ letter.codePointAt(0), 0x01000193) >>> 0;
    }
    return ((value ^ (value >>> 16)) >>> 0) % count;
  }

  // --- What cases share -------------------------------------------------------------------------

  const LINE = /^(.+\.[a-z]+):([1-9][0-9]*)(:[0-9]+)?$/;
  const FILES = 32; // that a line is looked for in

  // What `read_write.c:582` means is the file, and cases that passed at that line or tell of it.
  async function look(word) {
    const [, file, line] = LINE.exec(word) || [];
    if (!file) {
      return fitting(word);
    }
    const [there, told] = await Promise.all([fitting(file), fitting(`${file}:${line}`)]);
    const lines = there.rows
      .filter((row) => manifest.kinds[row[0]][0] === "files/")
      .map((row) => `${fold(row.slice(2).split("\t")[0])}:${line}`);
    const means = new Set([...lines.slice(0, FILES), ...told.means]);
    return { word: file, line, rows: there.rows, means };
  }

  // The rows that fit a word, from the smallest file that has them, and the words it may mean.
  async function fitting(word) {
    const size = (gram) =>
      manifest.sizes.charCodeAt(place(gram, manifest.names.length / VERSION));
    const wanted = gramsOf(word).sort((a, b) => size(a) - size(b)).slice(0, 1);
    if (HASH.test(word)) {
      wanted.push(`#${word.slice(0, 3)}`);
    }
    const lists = await Promise.all(wanted.map((one) => rows("names/", manifest.names, one)));
    const found = [];
    const means = new Set();
    for (const row of new Set(lists.flatMap((list) => list || []))) {
      const folded = fold(row.slice(2));
      if (folded.includes(word) || HASH.test(word)) {
        const texts = split(folded).filter((text) => fit([text], word));
        texts.forEach((text) => means.add(text));
        if (texts.length && row[0] in manifest.kinds) {
          found.push(row);
        }
      }
    }
    return { word, rows: found, means };
  }

  // What cases share, where it fits all words; what fits best is first.
  function findNames(looked) {
    const found = [];
    // A row that fits all words is among those of each: the fewest are enough.
    const [{ rows: fewest }] = [...looked].sort((a, b) => a.rows.length - b.rows.length);
    for (const row of fewest) {
      const [title, address = title] = row.slice(2).split("\t");
      const texts = split(address === title ? title : `${title} ${address}`);
      const fits = looked.map((one) => fit(texts, one.word));
      if (fits.every(Boolean)) {
        found.push({
          kind: row[0],
          title,
          url: manifest.kinds[row[0]][0] + address + (/^$|\/$/.test(address) ? "" : "/"),
          exact: fits.length === texts.length && fits.every((one) => one === 6),
          score: fits.reduce((sum, one) => sum + one, 0),
          weight: parseInt(row[1], 16),
        });
      }
    }
    return found.sort(
      (a, b) =>
        b.exact - a.exact ||
        b.score - a.score ||
        b.weight - a.weight ||
        a.title.length - b.title.length ||
        (a.title < b.title ? -1 : 1),
    );
  }

  // --- Cases ------------------------------------------------------------------------------------

  const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  const SAID = 1; // the case's title, or what else says what it is, holds the letters
  const PASSED = 2; // a name on its way to the crash does

  // Marks the numbers of one packed set.
  function unpack(text, flags, mark) {
    if (text.startsWith(".")) {
      for (let at = 1; at < text.length; at++) {
        for (let six = LETTERS.indexOf(text[at]), bit = 0; six; six >>= 1, bit++) {
          if (six & 1) {
            flags[(at - 1) * 6 + bit] |= mark;
          }
        }
      }
      return;
    }
    let number = 0;
    let shift = 0;
    for (const letter of text) {
      const six = LETTERS.indexOf(letter);
      number += (six & 31) << shift;
      shift += 5;
      if (six < 32) {
        flags[number++] |= mark;
        shift = 0;
      }
    }
  }

  // The cases of a block that hold some letters or a word: flags by number.
  async function holding(block, key) {
    const flags = new Uint8Array(manifest.block);
    const row = await rows(`cases/${block}-`, manifest.cases[block], key);
    const [said = "", passed = ""] = (row || "").split(",");
    unpack(said, flags, SAID | PASSED);
    unpack(passed, flags, PASSED);
    return flags;
  }

  const both = (one, other) => one.map((flag, at) => flag & other[at]);
  const either = (one, other) => one.map((flag, at) => flag | other[at]);
  const FEW = 8; // words that a part of a word may mean, which are looked up one by one

  // The cases of a block with a word that holds this one. Of a part of many words only some letters
  // are looked up, here and there: the case's record decides.
  async function having(block, { word, line, means }) {
    if (line || means.size <= FEW) {
      const found = await Promise.all([...means].map((one) => holding(block, `=${one}`)));
      return found.reduce(either, new Uint8Array(manifest.block));
    }
    const grams = gramsOf(word);
    const some = [0, grams.length >> 1, grams.length - 1].map((at) => grams[at]);
    const found = await Promise.all([...new Set(some)].map((one) => holding(block, one)));
    return found.reduce(both);
  }

  // The numbers of a block's cases that hold all words, the newest first: [said, passed].
  async function candidates(block, looked) {
    const flags = await Promise.all(looked.map((one) => having(block, one)));
    const all = flags.reduce(both);
    const said = [];
    const passed = [];
    for (let number = all.length - 1; number >= 0; number--) {
      if (all[number]) {
        (all[number] & SAID ? said : passed).push(block * manifest.block + number);
      }
    }
    return [said, passed];
  }

  async function record(number) {
    const file = Math.floor(number / manifest.each);
    const found = await load(
      `records/${file.toString(16)}`,
      version(manifest.records, file),
    );
    const [url, title, status, label, where, date, texts, names] =
      found.cases[number % manifest.each];
    return {
      kind: "",
      url,
      title,
      status,
      label,
      function: where,
      date,
      texts,
      names: names.map((at) => found.names[at]),
    };
  }

  // The case as a result; null when it was only the letters that were there, not the words.
  async function check(number, looked) {
    const one = await record(number);
    const title = split(one.title);
    const missing = looked.filter(({ word }) => !fit(title, word));
    const others = [...one.names.map((name) => name.slice(1)), ...one.texts, one.url];
    const why = new Set();
    for (const { word, line } of missing) {
      const found = others
        .map((text) => [fit(split(text), word), text])
        .reduce((best, next) => (next[0] > best[0] ? next : best));
      if (!found[0]) {
        return null;
      }
      if (found[1] !== one.url) {
        why.add(line && found[1].endsWith(word) ? `${found[1]}:${line}` : found[1]);
      }
    }
    return Object.assign(one, { why: [...why], exact: false });
  }

  // Gives up to `most` cases, and whether there may be others.
  async function findCases(looked, most) {
    const said = [];
    const passed = [];
    let blocks = manifest.cases.length;
    while (blocks > 0 && said.length < most) {
      const two = [blocks - 1, blocks - 2].filter((block) => block >= 0);
      blocks -= two.length;
      for (const [more, others] of await Promise.all(two.map((one) => candidates(one, looked)))) {
        said.push(...more);
        passed.push(...others);
      }
    }
    const left = [...said, ...passed];
    const found = [];
    while (left.length && found.length < most) {
      const next = left.splice(0, Math.max(1, most - found.length));
      const checked = await Promise.all(next.map((number) => check(number, looked)));
      found.push(...checked.filter(Boolean));
    }
    return { rows: found, more: left.length > 0 || blocks > 0 };
  }

  // --- Both -------------------------------------------------------------------------------------

  // Groups of results, first those where a symbol or hash is the query itself; up to `most` cases.
  async function find(query, most) {
    const words = parse(query);
    if (!words.length) {
      return { words, groups: [] };
    }
    const read = async () => {
      const looked = await Promise.all(words.map(look));
      return [looked.map((one) => one.word), findNames(looked), await findCases(looked, most)];
    };
    await begin();
    const old = newest;
    const [sought, names, cases] = await read().catch(() => beginAgain(old).then(read));
    const groups = [{ title: "Cases", mono: false, more: cases.more, rows: cases.rows }];
    for (const [kind, [, title, mono]] of Object.entries(manifest.kinds)) {
      const same = names.filter((row) => row.kind === kind);
      groups.push({ title, mono, more: false, rows: same });
    }
    const exact = (group) => group.mono && group.rows.some((row) => row.exact);
    return {
      words: sought,
      groups: groups
        .filter((group) => group.rows.length)
        .sort((a, b) => exact(b) - exact(a)),
    };
  }

  Object.assign(search, { begin, find });
})();
