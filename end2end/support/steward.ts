// The console as its reader sees it: pages to open, things to find on them.

import { type Locator, type Page, expect } from "@playwright/test";
import type { Watch } from "./watch";
import type { Words } from "./words";
import { LIVE } from "./world";

/** The address of a page of the live cluster. */
export function at(path = ""): string {
  return `/clusters/${LIVE}${path}`;
}

export class Steward {
  constructor(
    readonly page: Page,
    private readonly isLive: boolean,
    private readonly watch: Watch,
    readonly words: Words,
  ) {}

  /** Opens a page and waits until it answers to the reader. */
  async open(address: string, status = 200): Promise<void> {
    if (status >= 400) this.watch.forgive(new RegExp(`status of ${status}`));
    const response = await this.page.goto(address);
    expect(response?.status(), address).toBe(status);
    await this.ready();
  }

  /** Until JavaScript, where there is any, has taken over. */
  async ready(): Promise<void> {
    if (!this.isLive) return;
    const hydrated = this.page.locator("html[data-hydrated]");
    await expect(hydrated, "the page comes alive").toBeAttached({ timeout: 25_000 });
  }

  /** Follows a link of the main navigation. */
  async go(label: string): Promise<void> {
    await this.page.getByRole("navigation", { name: this.words.navigation, exact: true }).getByRole("link", { name: label }).click();
  }

  /** Follows a link in the page's content. */
  async follow(label: string): Promise<void> {
    await this.main.getByRole("link", { name: label, exact: true }).first().click();
  }

  /** Types into the page's filter; without JavaScript it takes the Enter key too. */
  async filter(text: string, field = this.search): Promise<void> {
    await field.fill(text);
    if (!this.isLive) await field.press("Enter");
  }

  /** Opens a topic's menu of actions and follows one. */
  async act(label: string): Promise<void> {
    await this.main.locator("summary", { hasText: this.words.actions }).click();
    await this.follow(label);
  }

  /** From a form to its review. */
  async review(title: string): Promise<void> {
    await this.main.getByRole("button", { name: this.words.review, exact: true }).first().click();
    await expect(this.heading).toHaveText(`${this.words.review}: ${title}`);
    await expect(this.main).toContainText(this.words.nothingChanged);
  }

  /** Confirms what is reviewed, and waits for the page that follows. */
  async confirm(label: string, consent?: string): Promise<void> {
    if (consent !== undefined) await this.main.getByLabel(this.words.consent).fill(consent);
    await Promise.all([
      this.page.waitForResponse((response) => response.request().isNavigationRequest() && response.status() < 300, { timeout: 20_000 }),
      this.main.getByRole("button", { name: label, exact: true }).click(),
    ]);
    await this.page.waitForLoadState();
    await this.ready();
  }

  /** What a page says that a change led to. */
  get done(): Locator {
    return this.main.locator("[data-key=done]");
  }

  async expectPage(address: string | RegExp, heading: string | RegExp): Promise<void> {
    await expect(this.page).toHaveURL(address);
    await expect(this.heading).toHaveText(heading);
  }

  get main(): Locator {
    return this.page.getByRole("main");
  }

  get heading(): Locator {
    return this.page.getByRole("heading", { level: 1 });
  }

  get search(): Locator {
    return this.main.getByRole("searchbox").first();
  }

  /** The rows of the page's first table with a body. */
  get rows(): Locator {
    return this.main.locator("table").first().locator("tbody tr");
  }

  /** The entries of the audit log, whose details have tables of their own. */
  get entries(): Locator {
    return this.main.locator("tr.entry");
  }

  /** The first column of those rows, which names them. */
  async names(): Promise<string[]> {
    return (await this.rows.locator("> :first-child a").allInnerTexts()).map((text) => text.trim());
  }

  /** The texts of a column of that table, by the column's head. */
  async column(label: string): Promise<string[]> {
    const table = this.main.locator("table").first();
    const heads = await table.getByRole("columnheader").all();
    for (const [index, head] of heads.entries()) {
      const text = (await head.innerText()).replaceAll("\u00ad", "");
      if (text.startsWith(label)) return this.rows.locator(`> :nth-child(${index + 1})`).allInnerTexts();
    }
    throw new Error(`no column ${label}`);
  }

  /** A filter that is on or off. */
  chip(label: string): Locator {
    return this.main.getByRole("list").getByRole("link", { name: new RegExp(`^${label}`) });
  }

  /** A tab of a page with sub-pages. */
  tab(label: string): Locator {
    return this.main.getByRole("navigation").getByRole("link", { name: new RegExp(`^${label}`) });
  }
}
