// What a page is like for somebody who sees little, shakes, or reads at four times the size. Each
// function returns what is wrong, in words, and changes nothing on the page but what its name says.
window.eyes = (() => {
  const name = (element) => {
    const words = (element.labels?.[0]?.innerText || element.innerText || element.getAttribute("aria-label") || "").trim();
    const kind = element.className?.baseVal ?? element.className;
    const of = [element.tagName.toLowerCase(), ...(kind ? String(kind).split(" ") : [])].join(".");
    return `${of} “${words.replace(/\s+/g, " ").slice(0, 40)}”`;
  };
  const every = (selector) => [...document.querySelectorAll(selector)];
  const isShown = (element) =>
    element.checkVisibility({ visibilityProperty: true, contentVisibilityAuto: true });
  const isHidden = (box) => box.width <= 1 || box.height <= 1; // there for screen readers alone

  // Of a long list the first rows: those after them come from the same template.
  const REST = ["tbody > tr", ".rows > li", ".timeline > li", "#changelist-filter li"]
    .map((row) => `${row}:nth-child(n + 9)`)
    .join(", ");

  // Take the rest of long lists away while `look` looks.
  async function shortened(look) {
    const back = every(REST).map((row) => {
      const mark = document.createComment("");
      row.replaceWith(mark);
      return () => mark.replaceWith(row);
    });
    try {
      return await look();
    } finally {
      back.forEach((put) => put());
    }
  }

  // Contrast is a matter of colours, size and ground. What is written like something else, here or on a page
  // before, is not measured again: of equals the first three are marked, and only what is marked is measured.
  const MARK = "data-to-measure";
  const isOpaque = (colour) => !colour.startsWith("rgba") && colour !== "transparent";
  const isWritten = (element) =>
    element.matches("input, select, textarea") || [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());

  function writings() {
    const grounds = new Map();
    const groundOf = (element) => {
      if (!element) return "";
      if (!grounds.has(element)) {
        const { backgroundColor, backgroundImage, opacity, position } = getComputedStyle(element);
        const floats = position === "absolute" || position === "fixed" || position === "sticky";
        const under = floats ? `${location.pathname} ${grounds.size}` : groundOf(element.parentElement);
        const above = `${backgroundColor} ${backgroundImage} ${opacity}`;
        const isSeenThrough = above === "rgba(0, 0, 0, 0) none 1";
        const hidesAll = isOpaque(backgroundColor) && backgroundImage === "none" && opacity === "1";
        grounds.set(element, isSeenThrough ? under : hidesAll ? above : `${under}|${above}`);
      }
      return grounds.get(element);
    };
    return (element) => {
      const { color, fontSize, fontWeight, textShadow } = getComputedStyle(element);
      return [color, fontSize, fontWeight, textShadow, groundOf(element)].join(" ");
    };
  }

  // Mark what is to be measured, and return what is known once that has been found good.
  function toMeasure(place) {
    const known = new Set(JSON.parse(localStorage.getItem(place) ?? "[]"));
    const counts = new Map();
    const writingOf = writings();
    for (const element of every("body, body *")) {
      if (!isWritten(element) || !isShown(element) || isHidden(element.getBoundingClientRect())) continue;
      const writing = writingOf(element);
      const count = (counts.get(writing) ?? 0) + 1;
      if (known.has(writing) || count > 3) continue;
      counts.set(writing, count);
      element.setAttribute(MARK, "");
    }
    return [...known, ...counts.keys()];
  }

  async function broken(rules) {
    axe.configure({ rules: [{ id: "color-contrast", selector: `[${MARK}]` }] });
    const place = `measured at ${innerWidth} px ${matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light"}`;
    const { violations } = await shortened(async () => {
      const known = toMeasure(place);
      const found = await axe.run(document, { ...rules, resultTypes: ["violations"] });
      every(`[${MARK}]`).forEach((element) => element.removeAttribute(MARK));
      if (!found.violations.some((one) => one.id === "color-contrast")) localStorage.setItem(place, JSON.stringify(known));
      return found;
    });
    return violations.map((one) => `${one.id} at ${one.nodes.slice(0, 3).map((node) => node.target).join(", ")}`);
  }

  function openEverything() {
    for (const details of every("details")) details.open = true;
  }

  function tooWide() {
    const width = document.documentElement.scrollWidth;
    return width > window.innerWidth ? [`${width - window.innerWidth} px wider than its window`] : [];
  }

  // Every piece of text that is seen, with its box; what stands still while the page moves apart.
  function texts() {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const found = [];
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const element = node.parentElement;
      if (!node.data.trim() || element.closest("svg, script, style, option, noscript, textarea")) continue;
      if (!isShown(element) || isHidden(element.getBoundingClientRect())) continue;
      const range = document.createRange();
      range.selectNodeContents(node);
      for (const box of range.getClientRects()) if (!isHidden(box)) found.push({ node, element, box });
    }
    return found;
  }

  const scrolls = (element) => ["auto", "scroll"].includes(getComputedStyle(element).overflowX);
  const clips = (element) => ["hidden", "clip"].includes(getComputedStyle(element).overflowX);

  function ancestor(element, wanted) {
    for (let at = element; at && at !== document.body; at = at.parentElement) if (wanted(at)) return at;
    return null;
  }

  // Text beyond the window's edge, beyond what clips it, or under other text.
  function cutOff() {
    const wrong = [];
    const seen = [];
    const isApart = new Map();
    const isClip = new Map();
    const cached = (map, element, wanted) => {
      if (!map.has(element)) map.set(element, ancestor(element, wanted));
      return map.get(element);
    };
    const floats = (at) => ["fixed", "sticky", "absolute"].includes(getComputedStyle(at).position);
    for (const { node, element, box } of texts()) {
      const clip = cached(isClip, element, (at) => scrolls(at) || clips(at));
      if (clip && clips(clip)) {
        const edge = clip.getBoundingClientRect();
        if (isHidden(edge)) continue;
        if (box.right > edge.right + 2 || box.bottom > edge.bottom + 3) wrong.push(`cut off: ${name(element)}`);
      } else if (!clip && (box.right > window.innerWidth + 1 || box.left < -1)) {
        wrong.push(`beyond the edge: ${name(element)}`);
      }
      if (!clip && !cached(isApart, element, floats)) seen.push({ node, element, box });
    }
    seen.sort((one, other) => one.box.top - other.box.top);
    seen.forEach((one, index) => {
      for (const other of seen.slice(index + 1)) {
        const least = Math.min(one.box.height, other.box.height);
        if (other.box.top > one.box.bottom - least * 0.4) break;
        if (one.node === other.node) continue;
        const across = Math.min(one.box.right, other.box.right) - Math.max(one.box.left, other.box.left);
        if (across > 4) wrong.push(`${name(one.element)} lies over ${name(other.element)}`);
      }
    });
    return wrong;
  }

  // What is pressed is at least `least` px high and wide. A link within a sentence is as high as its line.
  function tooSmall(selector, least) {
    return every(selector)
      .map((element) => element.closest("label") ?? element.labels?.[0]?.closest(".segments label") ?? element)
      .filter((element) => isShown(element) && !isHidden(element.getBoundingClientRect()))
      .filter((element) => {
        const box = element.getBoundingClientRect();
        return box.height < least - 0.5 || box.width < least - 0.5;
      })
      .map((element) => {
        const box = element.getBoundingClientRect();
        return `only ${Math.round(box.width)} × ${Math.round(box.height)} px: ${name(element)}`;
      });
  }

  // Whatever moves although the reader asked for stillness.
  function moving() {
    const longest = (list) => Math.max(...list.split(",").map((one) => parseFloat(one) * (one.includes("ms") ? 1 : 1000)));
    const wrong = [];
    for (const element of every("*")) {
      for (const part of [null, "::before", "::after"]) {
        const style = getComputedStyle(element, part);
        if (longest(style.transitionDuration) > 1 || (style.animationName !== "none" && longest(style.animationDuration) > 1)) {
          wrong.push(`moves: ${name(element)}${part ?? ""}`);
        }
      }
    }
    return wrong;
  }

  // A sign of a state that has no ink of its own once the browser has put in the reader's colours.
  function signless() {
    return every(".tag").filter(isShown).filter((tag) => {
      const sign = getComputedStyle(tag, "::before");
      const ground = getComputedStyle(tag).backgroundColor;
      const lines = ["Top", "Right", "Bottom", "Left"].some(
        (side) => parseFloat(sign[`border${side}Width`]) > 0 && sign[`border${side}Color`] !== ground,
      );
      const filled = sign.backgroundColor !== ground && sign.backgroundColor !== "rgba(0, 0, 0, 0)";
      return !lines && !filled;
    }).map((tag) => `no sign: ${name(tag)} ${tag.dataset.state}`);
  }

  // The reader's own spacing of text, as WCAG 1.4.12 has it.
  function spaceOut() {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync("* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; } p { margin-block-end: 2em !important; }");
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  }

  // How the element that has the focus shows it, and what hides it.
  function focus() {
    const element = document.activeElement;
    if (!element || element === document.body) return { name: "", wrong: [] };
    const shown = [element, element.closest("label")].filter(Boolean).some((one) => {
      const style = getComputedStyle(one);
      return (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== "none";
    });
    const target = element.closest(".segments label") ?? element;
    const box = target.getBoundingClientRect();
    const x = Math.min(Math.max(box.left + box.width / 2, 1), window.innerWidth - 1);
    const points = [box.top + 2, box.top + box.height / 2, box.bottom - 2].filter((y) => y > 0 && y < window.innerHeight);
    const isSeen = points.some((y) => {
      const on = document.elementFromPoint(x, y);
      return on && (target.contains(on) || on.contains(target) || on.labels?.[0] === target);
    });
    const wrong = [];
    if (!shown) wrong.push(`focus not shown: ${name(element)}`);
    if (!isSeen) wrong.push(`focus hidden: ${name(element)}`);
    return { name: name(element), wrong };
  }

  return { broken, openEverything, tooWide, cutOff, tooSmall, moving, signless, spaceOut, focus };
})();
