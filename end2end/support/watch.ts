// Notices what a reader would not: errors in the console, broken rules of the content security policy, failed answers, dialogs, passwords.

import { type BrowserContext, type Response, expect } from "@playwright/test";
import { CANARIES } from "./people";

export class Watch {
  /** In the order they came. */
  readonly complaints: string[] = [];
  private readonly forgiven: RegExp[] = [];
  private readonly reading: Promise<void>[] = [];

  /** Expects complaints of one kind, such as the console's word on an answer with status 404. */
  forgive(kind: RegExp): void {
    this.forgiven.push(kind);
  }

  async start(context: BrowserContext, isLive: boolean): Promise<void> {
    // Requests that a navigation or a newer request made superfluous; scripts of a page whose reader wants none.
    const harmless = isLive ? ["net::ERR_ABORTED"] : ["net::ERR_ABORTED", "csp"];
    context.on("console", (message) => {
      if (message.type() === "error") this.note(`console: ${message.text()} (${message.location().url})`);
    });
    context.on("weberror", (error) => this.note(`uncaught: ${error.error().stack ?? error.error().message}`));
    context.on("dialog", (dialog) => {
      this.note(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    context.on("response", (response) => {
      if (response.status() >= 500) this.note(`status ${response.status()}: ${response.url()}`);
      this.reading.push(this.search(response));
    });
    context.on("requestfailed", (request) => {
      const reason = request.failure()?.errorText ?? "";
      if (!harmless.includes(reason)) this.note(`${reason}: ${request.url()}`);
    });
    await context.addInitScript(() => {
      document.addEventListener("securitypolicyviolation", (event) =>
        console.error(`policy: ${event.violatedDirective} forbids ${event.blockedURI} ${event.sample}`),
      );
    });
  }

  /** Fails if there was anything unforgiven. */
  async end(): Promise<void> {
    await Promise.all(this.reading);
    const unforgiven = this.complaints.filter((complaint) => !this.forgiven.some((kind) => kind.test(complaint)));
    expect(unforgiven, "the browser complained").toEqual([]);
  }

  /** Whether an answer has in it what nobody may read. Answers that are gone with their page are not read. */
  private async search(response: Response): Promise<void> {
    const headers = Object.entries(response.headers()).filter(([name]) => name !== "set-cookie");
    const body = await response.text().catch(() => "");
    const leak = CANARIES.find((canary) => body.includes(canary) || headers.some(([, value]) => value.includes(canary)));
    if (leak) this.note(`a password is in ${response.url()}`);
  }

  private note(complaint: string): void {
    this.complaints.push(complaint);
  }
}
