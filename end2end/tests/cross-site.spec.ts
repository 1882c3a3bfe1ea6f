// A page of somebody else's, opened in a browser with a live session, sends forms here: all are refused, and nothing changes.

import { type Server, createServer } from "node:http";
import { type AddressInfo } from "node:net";
import { asked, secured } from "../support/session";
import { at } from "../support/steward";
import { expect, test } from "../support/test";
import { unused } from "../support/topics";
import { LIVE } from "../support/world";

test.use({ who: "admin" });

interface Attack {
  address: string;
  fields: Record<string, string>;
  /** As plain text, the fields make up what a script would send. */
  isText?: boolean;
}

let server: Server;
/** By host: on another port of Steward's own host cookies go along, on another host not even that. */
let attacks: Attack[] = [];

test.beforeAll(async () => {
  server = createServer((request, response) => {
    const url = new URL(request.url ?? "", "http://x");
    const attack = attacks[Number(url.searchParams.get("n"))];
    response.setHeader("content-type", "text/html; charset=utf-8");
    if (!attack) return void response.end("<!doctype html><title>Prizes</title><link rel=icon href=data:,>");
    const quoted = (text: string) => text.replaceAll("&", "&amp;").replaceAll('"', "&quot;");
    const inputs = Object.entries(attack.fields).map(([name, value]) => `<input type=hidden name="${quoted(name)}" value="${quoted(value)}">`);
    const kind = attack.isText ? "enctype=text/plain" : "";
    response.end(
      `<!doctype html><title>Prizes</title><link rel=icon href=data:,><form method=post ${kind} action="${quoted(secured(attack.address))}">${inputs.join("")}<button>You won</button></form>`,
    );
  });
  await new Promise<void>((resolve) => server.listen(0, resolve));
});

test.afterAll(() => server.close());

function strikes(topic: string, user: string): Attack[] {
  const create = { create_topic: { name: topic, partitions: 1, replication_factor: 1 } };
  const json = JSON.stringify(create);
  const grant = { "grants[0][role]": "admin", "grants[0][clusters]": "*", "grants[0][topics]": "*" };
  const password = "chosen-by-a-stranger";
  return [
    { address: "/do/change", fields: { cluster: LIVE, id: topic.slice(-10).padStart(32, "0"), change: json, base: "", back: "/", consent: "" } },
    { address: "/do/user-add", fields: { name: user, password, ...grant } },
    { address: "/do/user-grant", fields: { name: "vera", ...grant } },
    { address: "/do/user-password", fields: { name: "vera", password } },
    { address: "/do/user-disable", fields: { name: "vera" } },
    { address: "/do/user-end-sessions", fields: { name: "ada", session: "" } },
    { address: "/do/token-create", fields: { name: "ada", label: user, days: "30", role: "admin", clusters: "*", topics: "*" } },
    { address: "/login", fields: { name: "vera", password } },
    { address: "/logout", fields: {} },
    { address: "/preferences", fields: { lang: "ko", theme: "dark", back: "/" } },
    { address: `/api/v1/clusters/${LIVE}/changes`, fields: { [`${json.slice(0, -1)},"x":"`]: '"}' }, isText: true },
    { address: `/api/v1/clusters/${LIVE}/changes?consent=orders`, fields: { '{"delete_topics":{"topic":"orders"},"x":"': '"}' }, isText: true },
  ];
}

for (const host of ["localhost", "127.0.0.1"]) {
  test(`a page at ${host} changes nothing`, async ({ page, context, steward, watch, cookies, isLive }) => {
    test.setTimeout(90_000);
    // The refusal has no page; Chromium shows one of its own.
    watch.forgive(/status of 403|ERR_HTTP_RESPONSE_CODE_FAILURE/);
    const topic = unused();
    const user = `evil-${topic.slice(-10)}`;
    attacks = strikes(topic, user);
    const { port } = server.address() as AddressInfo;
    await steward.open(at());
    for (const [number, { address }] of attacks.entries()) {
      const theirs = await context.newPage();
      await theirs.goto(`http://${host}:${port}/?n=${number}`);
      const [response] = await Promise.all([
        theirs.waitForResponse((response) => response.url() === secured(address)),
        theirs.getByRole("button", { name: "You won" }).click(),
      ]);
      await theirs.close();
      expect(response.status(), address).toBe(403);
      expect(response.headers()["set-cookie"], address).toBeUndefined();
    }
    if (isLive) {
      await page.goto(`http://${host}:${port}/`);
      const sent = await page.evaluate(
        async ([url, body]) => {
          const send = (init: RequestInit) => fetch(url ?? "", { method: "POST", credentials: "include", body, ...init }).then(({ type }) => type, () => "refused");
          return [await send({ mode: "no-cors" }), await send({ headers: { "content-type": "application/json" } })];
        },
        [secured(`/api/v1/clusters/${LIVE}/changes`), JSON.stringify({ create_topic: { name: topic, partitions: 1, replication_factor: 1 } })],
      );
      expect(sent).toEqual(["opaque", "refused"]);
      watch.forgive(/CORS policy|ERR_FAILED|net::/);
    }

    await steward.open(at());
    await expect(page.locator("html[lang=en]"), "still signed in, and in English").toBeAttached();
    await expect(page.locator("html")).not.toHaveAttribute("data-theme", "dark");
    await expect(page.locator('summary[aria-label="Account menu of ada"]')).toBeVisible();
    const admin = await cookies("admin");
    expect((await asked(admin, `/api/v1/clusters/${LIVE}/topics/${topic}`)).status).toBe(404);
    expect((await asked(admin, `/api/v1/clusters/${LIVE}/topics/orders`)).status).toBe(200);
    await steward.open("/users");
    await expect(steward.rows.filter({ hasText: user })).toHaveCount(0);
    await expect(steward.rows.filter({ hasText: "vera" })).toContainText("Viewer on all clusters");
    await expect(steward.rows.filter({ hasText: "vera" })).toContainText("active");
    await steward.open("/account");
    await expect(page.locator("main")).not.toContainText(user);
    await steward.open(`/audit?q=${topic}`);
    await expect(page.locator("main")).toContainText("Nothing matches");
  });
}
