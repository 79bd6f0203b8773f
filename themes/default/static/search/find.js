// Finds cases, and what they share, by any part of their names, in the files of the index.
(() => {
  "use strict";
  const search = window.sitegenSearch;
  const { HASH, split, parse, gramsOf, fit } = search;

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
      const settle = () => {
        script.remove();
        waiting.delete(name);
        reject(new Error(`search/${name}.js`)); // of no effect where the value came
      };
      waiting.set(name, (found, value) => found === version && resolve(value));
      script.onload = settle;
      script.onerror = settle;
      script.src = `${search.folder}${name}.js${query}`;
      document.head.append(script);
    });
  }

  let manifest;
  const VERSION = 6; // letters of a version

  async function begin() {
    manifest = await load("manifest", "");
  }

  // A file was of another version than the manifest's: the wiki was published since that was read.
  async function beginAgain() {
    files.clear();
    manifest = await load("manifest", "", `?t=${Date.now()}`);
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

  async function findNames(words) {
    // One file is enough: all rows that fit hold every gram of every word. The smallest is read.
    const size = (gram) =>
      manifest.sizes.charCodeAt(place(gram, manifest.names.length / VERSION));
    const keys = words
      .map((word) => ({ word, gram: gramsOf(word).sort((a, b) => size(a) - size(b))[0] }))
      .sort((a, b) => HASH.test(a.word) - HASH.test(b.word) || size(a.gram) - size(b.gram));
    const { word, gram } = keys[0];
    const wanted = HASH.test(word) ? [gram, `#${word.slice(0, 3)}`] : [gram];
    const lists = await Promise.all(wanted.map((one) => rows("names/", manifest.names, one)));
    const found = [];
    for (const row of new Set(lists.flatMap((list) => list || []))) {
      const [title, address = title] = row.slice(2).split("\t");
      const texts = split(address === title ? title : `${title} ${address}`);
      const fits = words.map((one) => fit(texts, one));
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

  // The cases of a block that hold all of some letters: flags by number.
  async function holding(block, grams) {
    const found = await Promise.all(
      grams.map(async (gram) => {
        const flags = new Uint8Array(manifest.block);
        const row = await rows(`cases/${block}-`, manifest.cases[block], gram);
        const [said = "", passed = ""] = (row || "").split(",");
        unpack(said, flags, SAID | PASSED);
        unpack(passed, flags, PASSED);
        return flags;
      }),
    );
    return found.reduce((all, one) => all.map((flag, at) => flag & one[at]));
  }

  // The numbers of a block's cases that hold all words, the newest first: [said, passed].
  async function candidates(block, words) {
    // Three letters here and there narrow it down; the records decide.
    const most = words.length < 3 ? 3 : words.length < 5 ? 2 : 1;
    const flags = await Promise.all(
      words.slice(0, 8).map(async (word) => {
        const grams = gramsOf(word);
        const step = Math.max(1, (grams.length - 1) / (most - 1 || 1));
        const some = grams.filter((_, at) => at % Math.ceil(step) === 0).slice(0, most - 1);
        const plain = holding(block, [...new Set([...some, grams[grams.length - 1]])]);
        if (!HASH.test(word)) {
          return plain;
        }
        const hash = await holding(block, [`#${word.slice(0, 3)}`]);
        return (await plain).map((flag, at) => flag | hash[at]);
      }),
    );
    const all = flags.reduce((one, other) => one.map((flag, at) => flag & other[at]));
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
  async function check(number, words) {
    const one = await record(number);
    const title = split(one.title);
    const missing = words.filter((word) => !fit(title, word));
    const others = [...one.names.map((name) => name.slice(1)), ...one.texts, one.url];
    const why = new Set();
    for (const word of missing) {
      const found = others
        .map((text) => [fit(split(text), word), text])
        .reduce((best, next) => (next[0] > best[0] ? next : best));
      if (!found[0]) {
        return null;
      }
      if (found[1] !== one.url) {
        why.add(found[1]);
      }
    }
    return Object.assign(one, { why: [...why], exact: false });
  }

  // Gives up to `most` cases, and whether there may be others.
  async function findCases(words, most) {
    const said = [];
    const passed = [];
    let block = manifest.cases.length - 1;
    for (; block >= 0 && said.length < most; block--) {
      const [more, others] = await candidates(block, words);
      said.push(...more);
      passed.push(...others);
    }
    const left = [...said, ...passed];
    const found = [];
    while (left.length && found.length < most) {
      const next = left.splice(0, Math.max(1, most - found.length));
      const checked = await Promise.all(next.map((number) => check(number, words)));
      found.push(...checked.filter(Boolean));
    }
    return { rows: found, more: left.length > 0 || block >= 0 };
  }

  // --- Both -------------------------------------------------------------------------------------

  // Groups of results, first those where a symbol or hash is the query itself; up to `most` cases.
  async function find(query, most) {
    const words = parse(query);
    if (!words.length) {
      return { words, groups: [] };
    }
    const both = () => Promise.all([findNames(words), findCases(words, most)]);
    await begin();
    const [names, cases] = await both().catch(() => beginAgain().then(both));
    const groups = [{ title: "Cases", mono: false, more: cases.more, rows: cases.rows }];
    for (const [kind, [, title, mono]] of Object.entries(manifest.kinds)) {
      const same = names.filter((row) => row.kind === kind);
      groups.push({ title, mono, more: false, rows: same });
    }
    const exact = (group) => group.mono && group.rows.some((row) => row.exact);
    return {
      words,
      groups: groups
        .filter((group) => group.rows.length)
        .sort((a, b) => exact(b) - exact(a)),
    };
  }

  Object.assign(search, { begin, find });
})();
