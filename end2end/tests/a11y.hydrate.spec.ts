// Every page, judged by axe in both languages, both themes and both widths.

import AxeBuilder from "@axe-core/playwright";
import { PHONE, WIDE } from "../support/browser";
import { ALL } from "../support/pages";
import { expect, test } from "../support/test";

const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

// Every two of language, theme and width come together in one of these.
const LOOKS = [
  { lang: "en", theme: "light", width: "wide", viewport: WIDE },
  { lang: "en", theme: "dark", width: "phone", viewport: PHONE },
  { lang: "ko", theme: "light", width: "phone", viewport: PHONE },
  { lang: "ko", theme: "dark", width: "wide", viewport: WIDE },
];

for (const { lang, theme, width, viewport } of LOOKS) {
  test(`axe finds nothing (${lang}, ${theme}, ${width})`, async ({ page, see }) => {
    test.setTimeout(300_000);
    await page.setViewportSize(viewport);
    const url = process.env.STEWARD_URL ?? "";
    await page.context().addCookies([
      { name: "lang", value: lang, url },
      { name: "theme", value: theme, url },
    ]);
    for (const sight of ALL) {
      await see(sight);
      await expect(page.locator(`html[lang=${lang}][data-theme=${theme}]`)).toBeAttached();
      // No page has frames, for which the other mode opens a window more.
      const { violations } = await new AxeBuilder({ page }).withTags(RULES).setLegacyMode().analyze();
      const told = violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target} ${node.any[0]?.message ?? node.html}`));
      expect.soft(told, sight.name).toEqual([]);
    }
  });
}
