"""What axe finds on a page: it is asked only where a page has something on it that no page had which it was asked about.

An axe run takes longer than all else that a test does with a page, and what it finds hangs on the kinds of elements, not on their
words. The kind of an element is here all that a rule of axe can tell two elements apart by: its name, classes and attributes and
those of all around it, whether it has text, a label and children, whether what it refers to is there once, whether it scrolls,
and the colours that it is drawn in.
"""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

_SERIOUS = ("serious", "critical")
_KINDS = """() => {
  const reads = ["role", "type", "lang", "autocomplete", "scope", "tabindex"];
  const refers = ["for", "headers", "list", "aria-labelledby", "aria-describedby", "aria-controls", "aria-owns"];
  const says = ["aria-label", "alt", "title", "placeholder", "value", "content", "href", "src"];
  const ids = {}, found = new Set();
  for (const one of document.querySelectorAll("[id]")) ids[one.id] = (ids[one.id] || 0) + 1;
  const attribute = ({name, value}) =>
    refers.includes(name) ? name + value.trim().split(/\\s+/).map(id => ids[id] || 0)
    : says.includes(name) ? name + (value.trim() !== "")
    : name === "id" ? name + ids[value]
    : reads.includes(name) || name.startsWith("aria-") ? name + "=" + value : name === "class" ? "" : name;
  const add = (before, text) => {
    let [high, low] = before;
    for (let at = 0; at < text.length; at++) {
      high = Math.imul(high ^ text.charCodeAt(at), 0x01000193);
      low = Math.imul(low ^ text.charCodeAt(at), 0x85ebca6b);
    }
    return [high >>> 0, low >>> 0];
  };
  const walk = (one, around) => {
    const drawn = getComputedStyle(one), own = [...one.childNodes].some(node => node.nodeType === 3 && node.data.trim());
    const scrolls = (one.scrollWidth > one.clientWidth + 1 || one.scrollHeight > one.clientHeight + 1)
      && /auto|scroll/.test(drawn.overflowX + drawn.overflowY);
    const kind = add(around, [one.tagName, [...one.classList].sort(), [...one.attributes].map(attribute).sort(), own,
      one.textContent.trim() !== "", one.childElementCount > 0, one.labels ? one.labels.length : "", scrolls,
      drawn.color, drawn.backgroundColor].join("|"));
    found.add(kind.join("."));
    for (const child of one.children) walk(child, kind);
  };
  walk(document.documentElement, [0x811c9dc5, 0x9747b28c]);
  found.add(["title", "h1", "main", "header", "footer", "a[href^='#']"].map(name => document.querySelectorAll(name).length).join());
  return [...found];
}"""
_known: set[tuple[str, int]] = set()
"""Kinds of elements without any finding, each on a screen of this width; of this process."""


def serious_findings(page: Page) -> list[str]:
    """What axe finds that is serious or critical, at the size that the page has now; nothing where it was asked of the like before."""
    page.wait_for_load_state()  # a click that leads on does not wait for the style of the page that it leads to
    size = page.viewport_size
    kinds = {(kind, size["width"] if size else 0) for kind in page.evaluate(_KINDS)}
    if kinds <= _known:
        return []
    told = Axe().run(page).response["violations"]
    found = [
        f"{one['id']} {[node['html'][:120] for node in one['nodes'][:3]]}" for one in told if one["impact"] in _SERIOUS
    ]
    if not found:
        _known.update(kinds)
    return found


def too_wide(page: Page) -> int:
    """By how many px a page is wider than its screen."""
    wide: int = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return max(wide, 0)
