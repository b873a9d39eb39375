import type { Page } from "playwright-core";

/** Each element of an inbox by its name: its computed style, that of its pseudo-elements, and where it is. */
type Look = Map<string, Map<string, string>>;

declare global {
  /** What the inbox looked like when it was remembered. */
  var remembered: Look;
  var lookAtInbox: () => Look;
}

/** Puts a style sheet into the page in the place of the one before, after those that it began with. */
export async function setPageStyle(page: Page, css: string): Promise<void> {
  await page.evaluate(async (css) => {
    const id = "page-style";
    const style = document.querySelector(`#${id}`) ?? document.createElement("style");
    style.id = id;
    style.textContent = css;
    document.head.append(style);
    // The list measures its items after they are laid out, and moves them.
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    for (let frames = 0; frames < 4; frames += 1) await frame();
    await Promise.all(document.getAnimations().map(({ finished }) => finished.catch(() => undefined)));
    await frame();
  }, css);
}

/** Remembers what the inbox looks like. */
export async function rememberLook(page: Page): Promise<void> {
  await page.evaluate(() => {
    /** What an inbox may take from the page around it, as its style sheet says. */
    const inherited = new Set(["-webkit-font-smoothing", "user-select"]);
    /** What a shape in a picture looks like; boxes and texts are nothing to it. */
    const painted =
      /^(place|d|c[xy]|r[xy]?|fill|stroke|opacity|transform|scale|rotate|translate|display|visibility|filter|mask|clip)/;

    globalThis.lookAtInbox = () => {
      const root = document.querySelector(".carillon-inbox");
      if (root === null) throw new Error("There is no inbox");
      const origin = root.getBoundingClientRect();
      const look: Look = new Map();
      for (const [index, element] of [...root.querySelectorAll("*")].entries()) {
        const { x, y, width, height } = element.getBoundingClientRect();
        const style = getComputedStyle(element);
        const own = new Map([
          ["place", [x - origin.x, y - origin.y, width, height].map((n) => n.toFixed(2)).join(" ")],
        ]);
        const isShape = element.parentElement?.localName === "svg";
        for (const pseudo of isShape ? [] : ["::before", "::after"])
          own.set(pseudo, getComputedStyle(element, pseudo).content);
        for (const property of style) {
          if (inherited.has(property) || (isShape && !painted.test(property))) continue;
          if (property.startsWith("outline") && style.outlineStyle === "none") continue;
          own.set(property, style.getPropertyValue(property));
        }
        look.set(`${index} ${element.localName}.${element.getAttribute("class") ?? ""}`, own);
      }
      return look;
    };
    globalThis.remembered = lookAtInbox();
  });
}

/** In what the inbox looks different from what was remembered, in words. */
export async function changesOfLook(page: Page): Promise<string[]> {
  return await page.evaluate(() => {
    const now = lookAtInbox();
    const names = new Set([...remembered.keys(), ...now.keys()]);
    return [...names].flatMap((name) => {
      const [old, own] = [remembered.get(name), now.get(name)];
      if (old === undefined || own === undefined) return [`${name} is ${own === undefined ? "gone" : "new"}`];
      return [...old]
        .filter(([property, value]) => own.get(property) !== value)
        .map(([property, value]) => `${name}: ${property} was ${value}, is ${own.get(property)}`);
    });
  });
}
