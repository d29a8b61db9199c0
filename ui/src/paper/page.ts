// Sheets as a page of their own, that any browser opens and prints: with the rules that draw them,
// and nothing that has to be fetched.

/** `sheets` holds them as they are drawn now. */
export function pageOf(sheets: Element, title: string): string {
  const rules = [...document.styleSheets]
    .flatMap((sheet) => [...sheet.cssRules])
    .filter((rule) => rule instanceof CSSStyleRule)
    // What draws the screen's frame and looks is not theirs.
    .filter(({ selectorText }) => draws(sheets, selectorText))
    .map(({ cssText }) => cssText);
  const head = document.implementation.createHTMLDocument(title);
  head.documentElement.lang = document.documentElement.lang;
  const style = head.createElement("style");
  const family = getComputedStyle(document.body).fontFamily;
  style.textContent = [
    "@page { size: A4; margin: 12mm 10mm; }",
    `body { margin: 0 auto; width: 190mm; background: #fff; font-family: ${family}; }`,
    "* { box-sizing: border-box; } i { font-style: normal; }",
    "section + section { break-before: page; }",
    ...rules,
  ].join("\n");
  const charset = head.createElement("meta");
  charset.setAttribute("charset", "utf-8");
  head.head.prepend(charset);
  head.head.append(style);
  head.body.innerHTML = sheets.innerHTML;
  return `<!doctype html>\n${head.documentElement.outerHTML}\n`;
}

function draws(sheets: Element, selector: string): boolean {
  try {
    return sheets.querySelector(selector) !== null;
  } catch {
    return false;
  }
}
