// Coming alive moves nothing.

import { PHONE, WIDE } from "../support/browser";
import { PAGES } from "../support/pages";
import { expect, test } from "../support/test";

for (const [width, viewport] of Object.entries({ wide: WIDE, phone: PHONE })) {
  test(`nothing shifts while a page comes alive (${width})`, async ({ page, see }) => {
    await page.setViewportSize(viewport);
    // Newer numbers may be wider: here the server has none.
    test.setTimeout(120_000);
    await page.route(/\/(clusters|audit|users|account|login)\b/, (route) =>
      route.request().resourceType() === "fetch" ? route.fulfill({ status: 204 }) : route.continue(),
    );
    for (const sight of PAGES) {
      await see(sight);
      const shifts = await page.evaluate(async () => {
        const entries: PerformanceEntry[] = [];
        new PerformanceObserver((list) => entries.push(...list.getEntries())).observe({ type: "layout-shift", buffered: true });
        // Two frames: the observer reports what lies behind it in the first one.
        for (let frame = 0; frame < 2; frame++) await new Promise(requestAnimationFrame);
        const told = entries.map((entry) => {
          const shift = entry as PerformanceEntry & { value: number; sources: { node?: Node }[] };
          const nodes = shift.sources.map(({ node }) => (node instanceof Element ? node.outerHTML.slice(0, 80) : node?.nodeName));
          return { value: shift.value, nodes };
        });
        // An age that gets a digit more, such as "10 s ago", pushes its neighbours by that digit.
        return told.filter(({ value }) => value > 0.001);
      });
      expect.soft(shifts, sight.name).toEqual([]);
    }
  });
}
