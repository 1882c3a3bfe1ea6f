// How long the page's thread is busy at a stretch.

import type { Browser, Page } from "@playwright/test";

interface TraceEvent {
  name: string;
  ph: string;
  pid: number;
  tid: number;
  /** Processor time in µs; unlike the time on the clock it is not stretched by what else the machine does. */
  tdur?: number;
  args: { name?: string };
}

/** The longest task of the page's thread while `act` is done, in milliseconds of processor time. */
export async function longestTask(browser: Browser, page: Page, act: () => Promise<void>): Promise<number> {
  await browser.startTracing(page, { categories: ["toplevel", "__metadata", "disabled-by-default-devtools.timeline"] });
  await act();
  // Whatever was put off until the page is idle.
  await page.evaluate(() => new Promise((resolve) => requestIdleCallback(resolve)));
  const trace: { traceEvents: TraceEvent[] } = JSON.parse((await browser.stopTracing()).toString());
  const thread = ({ pid, tid }: TraceEvent) => `${pid}/${tid}`;
  const named = trace.traceEvents.filter(({ name, args }) => name === "thread_name" && args.name === "CrRendererMain");
  const main = new Set(named.map(thread));
  const tasks = trace.traceEvents.filter((event) => event.ph === "X" && event.name.endsWith("RunTask") && main.has(thread(event)));
  if (tasks.length === 0) throw new Error("the trace has no tasks");
  return Math.max(...tasks.map(({ tdur }) => tdur ?? 0)) / 1_000;
}
