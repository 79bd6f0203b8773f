// Words of texts and of queries: how they are taken apart, whether one fits the other, what to mark.
// The index was made the same way, by outputs/search/grams.py.
(() => {
  "use strict";
  const SPACE = /[\s\x00-\x1f\x7f\x85()<>[\]{}"'`,;|]+/u;
  const HEX = /^[0-9a-f]{8,}$/;
  const HASH = /^(?=.*[0-9]|.{6})[0-9a-f]{4,}$/; // what may be the beginning of a hash
  const LONGEST = 200; // letters of a word that count
  const ALNUM = /[\p{L}\p{N}]/u;

  function fold(text) {
    if (!/[^\x00-\x7f]/.test(text)) {
      return text.toLowerCase();
    }
    return text.normalize("NFKD").replace(/\p{M}+/gu, "").toLowerCase();
  }

  // Words of a text, folded.
  function split(text) {
    return fold(text)
      .split(SPACE)
      .filter(Boolean)
      .map((word) => word.slice(0, LONGEST));
  }

  // Words of a query: two letters at least; `vfs_write+0xc7/0x3f0` means vfs_write.
  function parse(query) {
    const bare = query.replace(/\+0x[0-9a-f]+(\/0x[0-9a-f]+)?/gi, " ");
    return [...new Set(split(bare))].filter((word) => [...word].length > 1);
  }

  function gramsOf(word) {
    const letters = [...word];
    if (letters.length === 2) {
      return [` ${word}`];
    }
    return [...new Set(letters.slice(2).map((_, at) => letters.slice(at, at + 3).join("")))];
  }

  function begins(text, at) {
    return ALNUM.test(text[at]) && (at === 0 || !ALNUM.test(text[at - 1]));
  }

  // Where a query's word stands in a text's word, from 0; -1 when it does not.
  function seek(text, word) {
    if (HEX.test(text)) {
      return HASH.test(word) && (text.startsWith(word) || word.startsWith(text)) ? 0 : -1;
    }
    let at = text.indexOf(word);
    while (at >= 0 && word.length === 2 && !begins(text, at)) {
      at = text.indexOf(word, at + 1);
    }
    return at;
  }

  // How well a word fits: 0 not at all, 1 inside, more at the beginning of a part, most when equal.
  function fit(texts, word) {
    let best = 0;
    for (const text of texts) {
      const at = seek(text, word);
      if (at >= 0) {
        const end = at + word.length;
        const whole = end >= text.length || !ALNUM.test(text[end]);
        const score = text === word ? 6 : at === 0 ? 4 : begins(text, at) ? 3 : 1;
        best = Math.max(best, score === 6 ? 6 : score + (whole ? 1 : 0));
      }
    }
    return best;
  }

  // The pieces of a text, every other one marked by the query's words: ["vfs_", "wr", "ite"].
  function mark(text, words) {
    const letters = [...text];
    const places = []; // of each folded letter, which letter it was
    const folded = letters
      .map((letter, at) => {
        const small = fold(letter);
        places.push(...Array(small.length).fill(at));
        return small;
      })
      .join("");
    const marked = letters.map(() => false);
    for (const word of words) {
      const long = HEX.test(folded) && word.startsWith(folded);
      const length = long ? folded.length : word.length;
      let at = long ? 0 : folded.indexOf(word);
      while (at >= 0) {
        if (length !== 2 || begins(folded, at)) {
          marked.fill(true, places[at], places[at + length - 1] + 1);
        }
        at = long ? -1 : folded.indexOf(word, at + 1);
      }
    }
    const pieces = [""];
    letters.forEach((letter, at) => {
      if (marked[at] !== (pieces.length % 2 === 0)) {
        pieces.push("");
      }
      pieces[pieces.length - 1] += letter;
    });
    return pieces;
  }

  Object.assign(window.sitegenSearch, { HASH, fold, split, parse, gramsOf, fit, mark });
})();
